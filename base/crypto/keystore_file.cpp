// PEM and PKCS#12; Java's own format is recognised and refused.
#include <base/crypto/keystore_file.hpp>

#include <tutti/secret_file.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <cerrno>

namespace tutti::crypto {

namespace {

/// The bytes of a base64 text; empty when it is none.
std::string from_base64(std::string text) {
  std::erase_if(text, [](unsigned char c) { return c <= ' '; });
  if (text.size() % 4 != 0)
    return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
  if (length < 0)
    return {};
  auto padding =
      std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '=');
  bytes.resize(static_cast<std::size_t>(length) - static_cast<std::size_t>(padding));
  return bytes;
}

/// Bundles of all authorities have a quarter of this.
constexpr std::size_t largest_file = std::size_t{16} << 20;

result<std::string> read_file(const store_source& where) {
  auto bytes = read_secret(where.given.path, largest_file);
  if (bytes && !bytes->empty())
    return std::move(*bytes);
  return where.wrong("cannot be read (" +
                     (bytes ? "it is empty" : why_unreadable(where.given.path, errno)) + ")");
}

} // namespace

std::string store_source::name() const {
  return given.path.empty() ? "content" : given.path;
}

failure store_source::wrong(const std::string& what) const {
  return {kind, place + ": " + name() + ": " + what, 0, code};
}

bool is_pem(const std::string& bytes) {
  return bytes.find("-----BEGIN") != bytes.npos;
}

result<std::string> read_store(const store_source& where) {
  auto bytes = where.given.content;
  if (!where.given.path.empty()) {
    auto read = read_file(where);
    if (!read)
      return read.error();
    bytes = std::move(*read);
  } else if (!is_pem(bytes)) {
    bytes = from_base64(bytes);
  }
  if (bytes.starts_with("\xfe\xed\xfe\xed") || bytes.starts_with("\xce\xce\xce\xce"))
    return where.wrong("a Java key store (JKS) is not read here; convert it: keytool "
                       "-importkeystore -srckeystore " +
                       where.name() + " -destkeystore " + where.name() +
                       ".p12 -deststoretype PKCS12");
  return bytes;
}

result<store_content> open_pkcs12(const std::string& bytes, const store_source& where) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  auto store = pkcs12_ptr{d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size()))};
  ERR_clear_error();
  if (!store)
    return where.wrong("neither PEM nor PKCS#12; give a file of one of these");
  if (PKCS12_mac_present(store.get()) == 0)
    return where.wrong("this PKCS#12 store has no MAC, which tells whether it is whole and the "
                       "password right; export it again: openssl pkcs12 -export -inkey key.pem "
                       "-in cert.pem -out store.p12");
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  auto read = PKCS12_parse(store.get(), where.given.password.c_str(), &key, &own, &others) == 1;
  auto reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (!read && reason == PKCS12_R_MAC_VERIFY_FAILURE)
    return where.wrong(std::string{"the password is "} +
                       (where.given.password.empty() ? "missing" : "wrong") + "; set " +
                       where.place + ".password");
  if (!read)
    return where.wrong("the PKCS#12 store cannot be read; its encryption may be too old: export it "
                       "again as PEM (openssl pkcs12 -legacy -in " +
                       where.name() + " -out store.pem)");
  return store_content{key_ptr{key}, certificate_ptr{own}, certificates_ptr{others}};
}

} // namespace tutti::crypto
