// Writes the pair, and nothing over anything.
#include <bot/command/verbs/keys.hpp>

#include <bot/process/exit_status.hpp>

#include <base/crypto/key_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace tutti::command {

namespace {

/// Says what is wrong, and whose fault it is.
int say(exit_status status, const std::string& what) {
  fmt::print(stderr, "tutti: {}\n", what);
  return status;
}

/// Makes a file that was not there; an empty text for success.
std::string write_new(const std::string& path, std::string_view text, unsigned mode) {
  auto file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0)
    return path + ": " + std::generic_category().message(errno);
  auto written = ::write(file, text.data(), text.size());
  ::close(file);
  return written == std::ssize(text) ? "" : path + ": could not be written whole";
}

bool plain(const std::string& name) {
  return !name.empty() && name.size() <= 200 && !name.starts_with('.') && !name.starts_with('-') &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '@' || c == '+';
         });
}

} // namespace

int run_keys(const keys_options& options) {
  if (!plain(options.name))
    return say(usage, "'" + options.name +
                          "' cannot be a file's name; give the bot's username, "
                          "without spaces and slashes");
  auto base = std::filesystem::path{options.folder} / options.name;
  auto secret_path = base.string() + ".pem";
  auto open_path = base.string() + ".pub.pem";
  for (const auto& each : {secret_path, open_path})
    if (std::filesystem::exists(each))
      return say(refused, each + " is there already; remove it, or choose another --folder");
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);

  auto made = crypto::make_key_pair(options.bits);
  if (!made)
    return say(internal, made.error().detail);
  for (const auto& wrong : {write_new(secret_path, made->private_half, 0600),
                            write_new(open_path, made->public_half, 0644)})
    if (!wrong.empty())
      return say(refused, wrong);
  fmt::print(R"({0}: private key, RSA {1} bit; keep it where only the bot can read it
{2}: public key

What the pod's administrator has to do with the public key:
  Admin Portal > Create a Service Account (or an existing one) > Authentication: RSA,
  username {3}, paste the text of {2}.

Then, in the bot's configuration:
  host: <your pod>.symphony.com
  bot:
    username: "{3}"
    privateKey:
      path: {4}

and see whether all is well: tutti doctor --config <that file>
)",
             secret_path, options.bits, open_path, options.name,
             std::filesystem::absolute(secret_path, error).string());
  return done;
}

} // namespace tutti::command
