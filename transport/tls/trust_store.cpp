// Adds what a store holds to those OpenSSL trusts.
#include <transport/tls/trust_store.hpp>

#include <base/crypto/keystore_file.hpp>
#include <base/crypto/private_key.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <string>
#include <utility>

namespace tutti::transport {

namespace {

/// How many there are, and whether the text was read to its end.
std::pair<std::size_t, bool> add_pem(X509_STORE* into, const std::string& pem) {
  auto bio = crypto::bio_of(pem);
  std::size_t count = 0;
  while (auto one =
             crypto::certificate_ptr{PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(into, one.get());
    ++count;
  }
  const auto whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error(); // The end of the text is an error, too.
  return {count, whole};
}

std::size_t add_all(X509_STORE* into, const crypto::store_content& held) {
  std::size_t count = 0;
  for (int i = 0; i < sk_X509_num(held.others.get()); ++i, ++count)
    X509_STORE_add_cert(into, sk_X509_value(held.others.get(), i));
  if (held.own) {
    X509_STORE_add_cert(into, held.own.get());
    ++count;
  }
  return count;
}

} // namespace

result<void> add_trust_store(X509_STORE* into, const tls_config& settings) {
  auto where = crypto::store_source{
      {settings.trust_store_path, settings.trust_store_content, settings.trust_store_password},
      "ssl.trustStore",
      errc::misconfigured,
      "trust_store"};
  if (!where.given.given())
    return {};
  if (!where.given.path.empty() && !where.given.content.empty())
    return where.wrong("give one of path and content, not both");
  auto bytes = crypto::read_store(where);
  if (!bytes)
    return bytes.error();
  if (crypto::is_pem(*bytes)) {
    const auto pem = crypto::tidy_pem(*bytes);
    auto [count, whole] = add_pem(into, pem);
    const auto line = crypto::line_of_block(*bytes, "CERTIFICATE", count + 1);
    if (!whole && !line.empty())
      return where.wrong("certificate " + std::to_string(count + 1) + line +
                         " in this PEM file is damaged; those behind it would not be trusted");
    if (const auto flaw = crypto::flaw_of_pem(pem); !flaw.empty())
      return where.wrong(flaw);
    if (count == 0)
      return where.wrong("no certificate in this PEM file");
    return {};
  }
  auto held = crypto::open_pkcs12(*bytes, where);
  if (!held)
    return held.error();
  if (add_all(into, *held) == 0)
    return where.wrong("no certificate in this PKCS#12 store");
  return {};
}

} // namespace tutti::transport
