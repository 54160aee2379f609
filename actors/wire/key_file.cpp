// Reads the key file anew each time: keys are rotated under a running bot.
#include <actors/wire/key_file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace tutti::wire {

key_source key_of(const bot_config& settings) {
  return {settings.username, settings.private_key, "bot.privateKey"};
}

key_source key_of(const app_config& settings) {
  return {settings.id, settings.private_key, "app.privateKey"};
}

result<std::string> read_key(const key_source& where) {
  if (where.given.path.empty())
    return where.given.content;
  errno = 0;
  std::ifstream file{where.given.path};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return failure{
        errc::login_refused,
        fmt::format("{}.path: cannot read {} ({}); give the path of the {}'s RSA private "
                    "key, or make one: tutti keys {}",
                    where.place, where.given.path,
                    errno ? std::generic_category().message(errno) : "it is empty",
                    where.place.substr(0, where.place.find('.')), where.subject),
        0, "key_file"};
  return std::move(text).str();
}

result<signing_key> parse_key(const std::string& text, const key_source& where) {
  const auto& given = where.given;
  return signing_key::parse(text, given.path.empty() ? where.place + ".content" : given.path,
                            given.password);
}

} // namespace tutti::wire
