// PEM and PKCS#12; Java's own format is recognised and refused.
#include <actors/http/trust_store.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

namespace tutti::http {

namespace {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

void free_certificates(STACK_OF(X509) * all) {
  sk_X509_pop_free(all, X509_free);
}

failure wrong(const std::string& what) {
  return {errc::misconfigured, "ssl.trustStore: " + what, 0, "trust_store"};
}

/// Where a complaint points to.
std::string source(const tls_config& settings) {
  return settings.trust_store_path.empty() ? "content" : settings.trust_store_path;
}

result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::ostringstream bytes;
  if (!file || !(bytes << file.rdbuf()))
    return wrong(path + ": cannot be read (" +
                 (errno ? std::generic_category().message(errno) : "it is empty") + ")");
  return std::move(bytes).str();
}

/// The bytes of a base64 text; empty when it is none.
std::string from_base64(std::string text) {
  std::erase_if(text, [](unsigned char c) { return c <= ' '; });
  if (text.size() % 4 != 0)
    return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (length < 0)
    return {};
  auto padding =
      std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '=');
  bytes.resize(static_cast<std::size_t>(length) - static_cast<std::size_t>(padding));
  return bytes;
}

bool is_pem(const std::string& bytes) {
  return bytes.find("-----BEGIN") != bytes.npos;
}

std::size_t add_pem(X509_STORE* into, const std::string& pem) {
  auto bio = std::unique_ptr<BIO, freeing<BIO_free_all>>{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  std::size_t count = 0;
  while (auto* one = PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)) {
    X509_STORE_add_cert(into, one);
    X509_free(one);
    ++count;
  }
  ERR_clear_error(); // The end of the text is an error, too.
  return count;
}

result<std::size_t> add_pkcs12(X509_STORE* into, const std::string& bytes,
                               const tls_config& settings) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  auto store = std::unique_ptr<PKCS12, freeing<PKCS12_free>>{
      d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size()))};
  ERR_clear_error();
  if (!store)
    return wrong(source(settings) + ": neither PEM nor PKCS#12; give a file of one of these");
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  auto read =
      PKCS12_parse(store.get(), settings.trust_store_password.c_str(), &key, &own, &others) == 1;
  auto reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (!read && reason == PKCS12_R_MAC_VERIFY_FAILURE)
    return wrong(source(settings) + ": the password is wrong; set ssl.trustStore.password");
  if (!read)
    return wrong(source(settings) +
                 ": the PKCS#12 store cannot be read; its encryption may be too old: export it "
                 "again as PEM (openssl pkcs12 -legacy -nokeys -in " +
                 source(settings) + " -out ca.pem)");
  auto free_others = std::unique_ptr<STACK_OF(X509), freeing<free_certificates>>{others};
  std::size_t count = 0;
  for (int i = 0; i < sk_X509_num(others); ++i, ++count)
    X509_STORE_add_cert(into, sk_X509_value(others, i));
  if (own) {
    X509_STORE_add_cert(into, own);
    ++count;
  }
  X509_free(own);
  EVP_PKEY_free(key);
  return count;
}

} // namespace

result<void> add_trust_store(X509_STORE* into, const tls_config& settings) {
  if (settings.trust_store_path.empty() && settings.trust_store_content.empty())
    return {};
  if (!settings.trust_store_path.empty() && !settings.trust_store_content.empty())
    return wrong("give one of path and content, not both");
  auto bytes = settings.trust_store_content;
  if (!settings.trust_store_path.empty()) {
    auto read = read_file(settings.trust_store_path);
    if (!read)
      return read.error();
    bytes = std::move(*read);
  } else if (!is_pem(bytes)) {
    bytes = from_base64(bytes);
  }
  if (bytes.starts_with("\xfe\xed\xfe\xed") || bytes.starts_with("\xce\xce\xce\xce"))
    return wrong(source(settings) +
                 ": a Java key store (JKS) is not read here; convert it: keytool -importkeystore "
                 "-srckeystore " +
                 source(settings) + " -destkeystore " + source(settings) +
                 ".p12 -deststoretype PKCS12");
  if (is_pem(bytes)) {
    if (add_pem(into, bytes) == 0)
      return wrong(source(settings) + ": no certificate in this PEM file");
    return {};
  }
  auto added = add_pkcs12(into, bytes, settings);
  if (!added)
    return added.error();
  if (*added == 0)
    return wrong(source(settings) + ": no certificate in this PKCS#12 store");
  return {};
}

} // namespace tutti::http
