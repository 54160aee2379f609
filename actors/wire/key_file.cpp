// Reads the key file anew each time: keys are rotated under a running bot.
#include <actors/wire/key_file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace tutti::wire {

result<std::string> read_key(const bot_config& settings) {
  const auto& path = settings.private_key_path;
  if (path.empty())
    return settings.private_key_content;
  errno = 0;
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return failure{errc::login_refused,
                   fmt::format("bot.privateKey.path: cannot read {} ({}); give the path of the "
                               "bot's RSA private key, or make one: tutti keys {}",
                               path, errno ? std::generic_category().message(errno) : "it is empty",
                               settings.username),
                   0, "key_file"};
  return std::move(text).str();
}

result<signing_key> parse_key(const std::string& text, const bot_config& settings) {
  const auto& path = settings.private_key_path;
  return signing_key::parse(text, path.empty() ? "bot.privateKey.content" : path,
                            settings.private_key_password);
}

} // namespace tutti::wire
