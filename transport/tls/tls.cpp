// OpenSSL, set up for a client that checks.
#include <transport/tls/tls.hpp>

#include <transport/tls/revocation.hpp>
#include <transport/tls/trust_store.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace tutti::transport {

namespace {

/// Where an SSL object keeps its tls_host; Asio has taken the usual place.
int host_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// Where it keeps what its stapled answer came to.
int status_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

stapled status_of(SSL* connection) {
  const auto* kept = static_cast<const stapled*>(SSL_get_ex_data(connection, status_index()));
  return kept ? *kept : stapled::good;
}

/// The enumerators as objects, for a place that takes pointers.
constexpr std::array all_statuses{stapled::good, stapled::revoked, stapled::missing,
                                  stapled::unusable};

bool is_address(const std::string& name) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(name, no_address);
  return !no_address;
}

std::string name_text(const X509_NAME* name) {
  char text[256];
  X509_NAME_oneline(name, text, sizeof text);
  return text;
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// `10.0.0.1`, or the bytes of an IPv6 address.
std::string address_text(const ASN1_STRING* bytes) {
  const auto text = text_of(bytes);
  if (text.size() == 4) {
    boost::asio::ip::address_v4::bytes_type four{};
    std::copy(text.begin(), text.end(), four.begin());
    return boost::asio::ip::address_v4{four}.to_string();
  }
  if (text.size() == 16) {
    boost::asio::ip::address_v6::bytes_type sixteen{};
    std::copy(text.begin(), text.end(), sixteen.begin());
    return boost::asio::ip::address_v6{sixteen}.to_string();
  }
  return "an address";
}

/// The names and addresses a certificate is for; empty for one with a common name alone.
std::string names_of(X509* certificate) {
  std::string names;
  auto* all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const auto* one = sk_GENERAL_NAME_value(all, i);
    if (one->type == GEN_DNS)
      names.append(names.empty() ? "" : ", ").append(text_of(one->d.dNSName));
    else if (one->type == GEN_IPADD)
      names.append(names.empty() ? "" : ", ").append(address_text(one->d.iPAddress));
  }
  GENERAL_NAMES_free(all);
  return names;
}

std::string end_of(X509* certificate) {
  std::tm when{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &when);
  return text;
}

} // namespace

result<tls_context> make_tls(const tls_config& settings) {
  namespace ssl = boost::asio::ssl;
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  auto* raw = made->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  // Who learns the host's key later must not read what was said before: no RSA key exchange.
  SSL_CTX_set_cipher_list(raw, "HIGH:!kRSA:!kDH:!kECDH:!kPSK:!kSRP:!aNULL:!eNULL");
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  // As curl and Java have it: a chain may end in any trusted certificate, the host's own or that of
  // an authority in the middle, not in a root only.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN);
  SSL_CTX_set_default_verify_paths(raw);
  if (auto added = add_trust_store(SSL_CTX_get_cert_store(raw), settings); !added)
    return added.error();
  if (auto added = add_revocation_lists(SSL_CTX_get_cert_store(raw), settings.crl); !added)
    return added.error();
  SSL_CTX_set_tlsext_status_type(raw, TLSEXT_STATUSTYPE_ocsp);
  SSL_CTX_set_tlsext_status_cb(raw, &tls_host::on_status);
  // Halves the reads: a record's head and body come in one.
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(raw, &tls_host::keep_session);
  return made;
}

tls_host::tls_host(tls_context context, std::string name,
                   std::shared_ptr<const crypto::client_certificate> shown)
    : context_(std::move(context)), name_(std::move(name)), shown_(std::move(shown)) {}

tls_host::~tls_host() {
  SSL_SESSION_free(session_);
}

bool tls_host::prepare(SSL* connection) {
  // OpenSSL takes an empty name for "any".
  if (name_.empty())
    return false;
  if (is_address(name_)) {
    // fe80::1%eth0: the scope is this machine's business, no certificate knows it.
    auto address = name_.substr(0, name_.find('%'));
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), address.c_str()) != 1)
      return false;
  } else if (SSL_set1_host(connection, name_.c_str()) != 1 ||
             SSL_set_tlsext_host_name(connection, name_.c_str()) != 1) {
    return false;
  }
  if (shown_ && !shown_->use(connection))
    return false;
  SSL_set_hostflags(connection, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  SSL_set_ex_data(connection, host_index(), this);
  SSL_set_verify(connection, SSL_VERIFY_PEER, &tls_host::on_verified);
  // A copy: OpenSSL spends the session of a connection that has taken it up (TLS 1.3), and others
  // that open before the next ticket comes would have none.
  if (auto* copy = session_ ? SSL_SESSION_dup(session_) : nullptr) {
    SSL_set_session(connection, copy);
    SSL_SESSION_free(copy);
  }
  return true;
}

/// Called by OpenSSL when the host hands out a session; 0: its own reference stays its own.
int tls_host::keep_session(SSL* connection, SSL_SESSION* made) {
  auto* host = static_cast<tls_host*>(SSL_get_ex_data(connection, host_index()));
  if (!host)
    return 0;
  // A copy here, too: a connection that breaks off spoils its own.
  if (auto* copy = SSL_SESSION_dup(made)) {
    SSL_SESSION_free(host->session_);
    host->session_ = copy;
  }
  return 0;
}

/// Called by OpenSSL for each certificate of the chain; changes no verdict.
int tls_host::on_verified(int good, X509_STORE_CTX* checked) {
  if (good)
    return good;
  auto* connection =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(checked, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* host = static_cast<tls_host*>(SSL_get_ex_data(connection, host_index()));
  auto* shown = X509_STORE_CTX_get0_cert(checked);
  host->names_ = names_of(shown);
  host->common_name_only_ = host->names_.empty();
  if (host->common_name_only_)
    host->names_ = name_text(X509_get_subject_name(shown));
  host->issuer_ = name_text(X509_get_issuer_name(shown));
  host->end_ = end_of(shown);
  return good;
}

/// Called by OpenSSL once the certificate is verified, whether an answer was stapled or not; 0: the
/// handshake fails.
int tls_host::on_status(SSL* connection, void*) {
  auto* host = static_cast<tls_host*>(SSL_get_ex_data(connection, host_index()));
  if (!host)
    return 0;
  // A session taken up again was checked when it was made; nothing comes with it (TLS 1.3).
  const auto status = SSL_session_reused(connection) ? stapled::good : read_stapled(connection);
  SSL_set_ex_data(connection, status_index(),
                  const_cast<stapled*>(&all_statuses[static_cast<std::size_t>(status)]));
  return status == stapled::good ? 1 : 0;
}

failure tls_host::explain(SSL* connection, const boost::system::error_code& error) const {
  auto say = [](std::string what, const char* code) {
    return failure{errc::tls_failed, std::move(what), 0, code};
  };
  auto verified = SSL_get_verify_result(connection);
  switch (verified) {
  case X509_V_OK:
    break;
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    if (common_name_only_)
      return say("the certificate (" + names_ +
                     ") names its host as common name only, which does "
                     "not count; have it issued with " +
                     name_ + " as subject alternative name",
                 "tls_name_mismatch");
    return say("the certificate is for " + names_ + ", not " + name_ +
                   "; check host in the configuration",
               "tls_name_mismatch");
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return say("the certificate, or one of its chain, has expired (the host's own is valid until " +
                   end_ +
                   "); the host's administrator has to renew it, or this machine's clock is wrong",
               "tls_expired");
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return say("the certificate is not valid yet; is this machine's clock right?",
               "tls_not_yet_valid");
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return say("the certificate authority is not trusted (issuer " + issuer_ +
                   "); if it is your company's own, put its certificate into ssl.trustStore.path",
               "tls_untrusted");
  case X509_V_ERR_CERT_REVOKED:
    return say("the certificate, or one of its chain, was revoked (issuer " + issuer_ +
                   ", by ssl.crl); the host's administrator has to replace it",
               "tls_revoked");
  case X509_V_ERR_UNABLE_TO_GET_CRL:
  case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
  case X509_V_ERR_CRL_SIGNATURE_FAILURE:
  case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
  case X509_V_ERR_DIFFERENT_CRL_SCOPE:
  case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
  case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
  case X509_V_ERR_CRL_HAS_EXPIRED:
  case X509_V_ERR_CRL_NOT_YET_VALID:
    return say(std::string{"the certificate cannot be checked ("} +
                   X509_verify_cert_error_string(verified) + ", issuer " + issuer_ +
                   "); put a current list of that authority into ssl.crl",
               "tls_crl");
  default:
    return say(std::string{"the certificate is not accepted: "} +
                   X509_verify_cert_error_string(verified),
               "tls_certificate");
  }
  switch (status_of(connection)) {
  case stapled::good:
    break;
  case stapled::revoked:
    return say("the certificate was revoked (stapled OCSP answer); the host's administrator has to "
               "replace it",
               "tls_revoked");
  case stapled::missing:
    return say("the certificate demands a stapled OCSP answer (must-staple), and the host gives "
               "none; its administrator has to switch stapling on",
               "tls_staple");
  case stapled::unusable:
    return say("the host staples an OCSP answer that is out of date, or not of its authority; its "
               "administrator has to look at it",
               "tls_staple");
  }
  if (auto why = refused(error))
    return *why;
  auto words = error.message();
  if (words.find("wrong version number") != words.npos ||
      words.find("packet length too long") != words.npos ||
      words.find("http request") != words.npos)
    return say("the host does not speak TLS on this port; check port, or set scheme: http",
               "tls_not_spoken");
  if (error.category() == boost::system::system_category() ||
      error == boost::asio::ssl::error::stream_truncated)
    return {errc::unreachable,
            "the connection was closed during the TLS handshake (" + words +
                "); if this port speaks plain HTTP, set scheme: http",
            0, "connection_lost"};
  if (error.category() == boost::asio::error::get_ssl_category())
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV1_UNRECOGNIZED_NAME: // Alert 112.
      return say("the host does not know the name " + name_ +
                     " (SNI); check host in the configuration",
                 "tls_name_unknown");
    case SSL_R_TLSV1_ALERT_INTERNAL_ERROR: // Alert 80.
      return say("the host, or what stands before it, has met an error of its own in the TLS "
                 "handshake; its administrator finds it in the log there",
                 "tls_host_error");
    default:
      break;
    }
  return say("the TLS handshake failed (" + words +
                 "); this side speaks TLS 1.2 and 1.3 with forward secrecy (ECDHE, DHE); for a "
                 "port without TLS set scheme: http",
             "tls_handshake");
}

std::optional<failure> tls_host::refused(const boost::system::error_code& error) const {
  if (error.category() != boost::asio::error::get_ssl_category())
    return std::nullopt;
  auto reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  auto say = [&](const std::string& what) {
    return failure{errc::tls_failed, what + " (" + error.message() + ")", 0,
                   "tls_client_certificate"};
  };
  switch (reason) {
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return say("the host demands a client certificate; set bot.certificate.path (app: "
               "app.certificate.path)");
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
  case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
  case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    if (shown_)
      return say("the host refuses the client certificate of " + shown_->name() +
                 "; is its authority imported at the pod?");
    [[fallthrough]];
  default:
    return std::nullopt;
  }
}

} // namespace tutti::transport
