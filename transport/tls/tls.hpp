// TLS as the pool speaks it: whom to trust, what a certificate must say, sessions taken up again.
#pragma once

#include <base/crypto/client_certificate.hpp>

#include <tutti/config.hpp>
#include <tutti/result.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace tutti::transport {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 and up with forward secrecy; trusts the system's authorities and those of the trust
/// store (PEM, PKCS#12), and refuses what the revocation lists name. Reads files: not on the loop.
/// Fails with `errc::misconfigured`.
result<tls_context> make_tls(const tls_config& settings);

/// One host's side of TLS. Keeps the newest session, so that further connections take it up.
class tls_host {
public:
  /// `shown`: the certificate for a host that asks who we are; null: none.
  tls_host(tls_context context, std::string name,
           std::shared_ptr<const crypto::client_certificate> shown = nullptr);
  ~tls_host();

  tls_host(const tls_host&) = delete;
  tls_host& operator=(const tls_host&) = delete;

  boost::asio::ssl::context& context() { return *context_; }
  const tls_context& shared_context() const { return context_; }
  const std::shared_ptr<const crypto::client_certificate>& shown() const { return shown_; }

  /// Before the handshake: the name asked for, the name demanded, the session to take up. This
  /// object must outlive the connection's. False: the name cannot be demanded of a certificate, and
  /// so nothing may be sent.
  [[nodiscard]] bool prepare(SSL* connection);

  /// Why the handshake failed, after it has: `tls_failed` with a code and the way out.
  failure explain(SSL* connection, const boost::system::error_code& error) const;

  /// The failure when the host's alert is about our certificate, which may come after the handshake
  /// (TLS 1.3); nothing for anything else.
  std::optional<failure> refused(const boost::system::error_code& error) const;

private:
  static int keep_session(SSL* connection, SSL_SESSION* made);
  static int on_verified(int good, X509_STORE_CTX* checked);
  static int on_status(SSL* connection, void*);
  friend result<tls_context> make_tls(const tls_config& settings);

  tls_context context_;
  std::string name_;
  std::shared_ptr<const crypto::client_certificate> shown_;
  SSL_SESSION* session_ = nullptr;
  /// What the certificate refused last said; OpenSSL drops it with the handshake.
  std::string names_;
  std::string issuer_;
  std::string end_;
  /// No name but the common name, which nothing goes by any more (RFC 9110, 4.3.4).
  bool common_name_only_ = false;
};

} // namespace tutti::transport
