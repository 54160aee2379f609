// Reads the key file again each time: keys are rotated while the bot runs.
#include <base/crypto/key_file.hpp>

#include <tutti/secret_file.hpp>

#include <fmt/format.h>

#include <openssl/sha.h>

#include <cerrno>
#include <utility>

namespace tutti::crypto {

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
                             text ? "it is empty" : why_unreadable(where.given.path, errno),
                             where.place.substr(0, where.place.find('.')), where.subject),
                 0, "key_file"};
}

std::string digest(std::string_view text) {
  std::string made(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(made.data()));
  return made;
}

result<signing_key> parse_key(const std::string& text, const key_source& where) {
  const auto& given = where.given;
  return signing_key::parse(text, given.path.empty() ? where.place + ".content" : given.path,
                            given.password, where.place);
}

result<signing_key> load_key(const key_source& where) {
  auto text = read_key(where);
  if (!text)
    return text.error();
  auto key = parse_key(*text, where);
  cleanse(*text);
  return key;
}

} // namespace tutti::crypto
