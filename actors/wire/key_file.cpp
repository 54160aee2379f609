// Reads the key file anew each time: keys are rotated under a running bot.
#include <actors/wire/key_file.hpp>

#include <fmt/format.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace tutti::wire {

namespace {

/// A key, a certificate with its chain: 64 KiB is plenty.
constexpr std::size_t most_of_a_secret = std::size_t{64} << 10;

} // namespace

key_source key_of(const bot_config& settings) {
  return {settings.username, settings.private_key, "bot.privateKey"};
}

key_source key_of(const app_config& settings) {
  return {settings.id, settings.private_key, "app.privateKey"};
}

result<std::string> read_key(const key_source& where) {
  if (where.given.path.empty())
    return where.given.content;
  auto text = read_secret(where.given.path);
  if (text && !text->empty())
    return std::move(*text);
  return failure{errc::login_refused,
                 fmt::format("{}.path: cannot read {} ({}); give the path of the {}'s RSA private "
                             "key, or make one: tutti keys {}",
                             where.place, where.given.path,
                             text ? "it is empty" : std::generic_category().message(errno),
                             where.place.substr(0, where.place.find('.')), where.subject),
                 0, "key_file"};
}

std::optional<std::string> read_secret(const std::string& path) {
  const auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return std::nullopt;
  // Room for any key from the start: what outgrows it would leave its beginning in freed memory.
  std::string text(most_of_a_secret, '\0');
  std::size_t size = 0;
  ssize_t count = 0;
  while (size < text.size() && (count = ::read(file, text.data() + size, text.size() - size)) > 0)
    size += static_cast<std::size_t>(count);
  const auto why = errno;
  ::close(file);
  errno = why;
  if (count < 0) {
    cleanse(text);
    return std::nullopt;
  }
  text.resize(size);
  return text;
}

std::string digest(std::string_view text) {
  std::string made(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(made.data()));
  return made;
}

void cleanse(std::string& secret) noexcept {
  secret.resize(secret.capacity());
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

result<signing_key> parse_key(const std::string& text, const key_source& where) {
  const auto& given = where.given;
  return signing_key::parse(text, given.path.empty() ? where.place + ".content" : given.path,
                            given.password);
}

} // namespace tutti::wire
