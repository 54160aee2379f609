// OpenSSL's own checks, set up and asked.
#include <transport/tls/revocation.hpp>

#include <base/crypto/openssl.hpp>
#include <base/crypto/private_key.hpp>

#include <tutti/secret_file.hpp>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

namespace tutti::transport {

namespace {

namespace fs = std::filesystem;

using crl_ptr = std::unique_ptr<X509_CRL, crypto::freeing<X509_CRL_free>>;
using ocsp_answer_ptr = std::unique_ptr<OCSP_RESPONSE, crypto::freeing<OCSP_RESPONSE_free>>;
using ocsp_basic_ptr = std::unique_ptr<OCSP_BASICRESP, crypto::freeing<OCSP_BASICRESP_free>>;
using ocsp_id_ptr = std::unique_ptr<OCSP_CERTID, crypto::freeing<OCSP_CERTID_free>>;

/// Lists of large authorities have a few megabytes.
constexpr std::size_t largest_list = std::size_t{64} << 20;

failure wrong(const std::string& place, const std::string& what) {
  return {errc::misconfigured, "ssl.crl: " + place + ": " + what, 0, "crl"};
}

/// How many lists a file holds.
result<std::size_t> add_file(X509_STORE* into, const std::string& path) {
  const auto text = read_secret(path, largest_list);
  if (!text)
    return wrong(path, "cannot be read (" + why_unreadable(path, errno) + ")");
  const auto pem = crypto::tidy_pem(*text);
  auto bio = crypto::bio_of(pem);
  std::size_t count = 0;
  while (auto list = crl_ptr{PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_crl(into, list.get());
    ++count;
  }
  const auto last = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (last != PEM_R_NO_START_LINE)
    return wrong(path, "list " + std::to_string(count + 1) +
                           crypto::line_of_block(*text, "CRL", count + 1) +
                           " in it cannot be read");
  if (const auto flaw = crypto::flaw_of_pem(pem); !flaw.empty())
    return wrong(path, flaw);
  return count;
}

result<std::vector<std::string>> files_of(const std::string& place) {
  std::error_code error;
  if (!fs::is_directory(place, error))
    return std::vector{place};
  std::vector<std::string> all;
  for (auto each = fs::directory_iterator{place, error}; !error && each != fs::directory_iterator{};
       each.increment(error)) {
    std::error_code dangling;
    if (each->is_regular_file(dangling))
      all.push_back(each->path().string());
  }
  if (error)
    return wrong(place, "cannot be read (" + why_unreadable(place, error.value()) + ")");
  return all;
}

/// The certificate's feature "status_request" (RFC 7633).
bool must_be_stapled(X509* certificate) {
  auto* features =
      static_cast<TLS_FEATURE*>(X509_get_ext_d2i(certificate, NID_tlsfeature, nullptr, nullptr));
  bool found = false;
  for (int i = 0; i < sk_ASN1_INTEGER_num(features); ++i)
    found =
        found || ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == TLSEXT_TYPE_status_request;
  TLS_FEATURE_free(features);
  return found;
}

/// What the answer says of that certificate, by whichever digest it names it; null: nothing.
OCSP_SINGLERESP* entry_of(OCSP_BASICRESP* answer, X509* certificate, X509* issuer) {
  for (int i = 0; i < OCSP_resp_count(answer); ++i) {
    auto* one = OCSP_resp_get0(answer, i);
    const auto* named = OCSP_SINGLERESP_get0_id(one);
    ASN1_OBJECT* digest = nullptr;
    OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, const_cast<OCSP_CERTID*>(named));
    const auto* method = digest ? EVP_get_digestbyobj(digest) : nullptr;
    const auto own = method ? ocsp_id_ptr{OCSP_cert_to_id(method, certificate, issuer)} : nullptr;
    if (own && OCSP_id_cmp(own.get(), named) == 0)
      return one;
  }
  return nullptr;
}

} // namespace

result<void> add_revocation_lists(X509_STORE* into, const std::string& place) {
  if (place.empty())
    return {};
  auto files = files_of(place);
  if (!files)
    return files.error();
  std::size_t count = 0;
  for (const auto& each : *files) {
    auto added = add_file(into, each);
    if (!added)
      return added.error();
    count += *added;
  }
  if (count == 0)
    return wrong(place, "no revocation list (PEM, X509 CRL) in it");
  X509_STORE_set_flags(into, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return {};
}

stapled read_stapled(SSL* connection) {
  auto* own = SSL_get0_peer_certificate(connection);
  const unsigned char* bytes = nullptr;
  const auto size = SSL_get_tlsext_status_ocsp_resp(connection, &bytes);
  const auto answer =
      bytes && size > 0 ? ocsp_answer_ptr{d2i_OCSP_RESPONSE(nullptr, &bytes, size)} : nullptr;
  // One that only says "try later" is as good as none.
  if (!own || size <= 0 ||
      (answer && OCSP_response_status(answer.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL))
    return own && must_be_stapled(own) ? stapled::missing : stapled::good;
  const auto basic = answer ? ocsp_basic_ptr{OCSP_response_get1_basic(answer.get())} : nullptr;
  auto* chain = SSL_get0_verified_chain(connection);
  auto* trusted = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(connection));
  auto* issuer = sk_X509_num(chain) > 1 ? sk_X509_value(chain, 1) : own;
  auto* entry = basic ? entry_of(basic.get(), own, issuer) : nullptr;
  ASN1_GENERALIZEDTIME* made = nullptr;
  ASN1_GENERALIZEDTIME* next = nullptr;
  const auto status = entry ? OCSP_single_get0_status(entry, nullptr, nullptr, &made, &next) : -1;
  constexpr long travel = 300; // Seconds that clocks may differ.
  const auto good = entry && OCSP_basic_verify(basic.get(), chain, trusted, 0) == 1 &&
                    OCSP_check_validity(made, next, travel, -1) == 1;
  ERR_clear_error();
  if (good && status == V_OCSP_CERTSTATUS_REVOKED)
    return stapled::revoked;
  return good && status == V_OCSP_CERTSTATUS_GOOD ? stapled::good : stapled::unusable;
}

} // namespace tutti::transport
