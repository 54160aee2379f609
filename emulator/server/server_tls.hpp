// TLS as the pod serves it.
#pragma once

#include <emulator/crypto/certificate.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/ssl.h>

#include <stdexcept>
#include <string>

namespace tutti::emulator {

namespace asio = boost::asio;

/// Shows `shown`; asks clients for a certificate of `client_authority`, or else of the authority
/// that `shown` brings. Throws std::runtime_error for a certificate that cannot be used.
inline asio::ssl::context server_tls(const certificate& shown,
                                     const std::string& client_authority) {
  asio::ssl::context made{asio::ssl::context::tls_server};
  try {
    made.use_certificate_chain(asio::buffer(shown.chain));
    made.use_private_key(asio::buffer(shown.key), asio::ssl::context::pem);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error{"the TLS certificate or its key cannot be used (" +
                             error.code().message() + "); both are PEM, and belong together"};
  }
  SSL_CTX_set_min_proto_version(made.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_session_id_context(made.native_handle(),
                                 reinterpret_cast<const unsigned char*>("tutti-pod"), 9);
  const auto& authority = client_authority.empty() ? shown.authority : client_authority;
  if (authority.empty())
    return made;
  // Asked for at every connection, demanded by the routes that need one.
  made.add_certificate_authority(asio::buffer(authority));
  made.set_verify_mode(asio::ssl::verify_peer);
  return made;
}

/// The common name of what the client has shown; empty: nothing.
inline std::string client_of(SSL* connection) {
  auto* shown = SSL_get0_peer_certificate(connection);
  char name[256] = "";
  if (shown)
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
  return name;
}
inline std::string client_of(asio::ip::tcp::socket&) {
  return {};
}
inline std::string client_of(asio::ssl::stream<asio::ip::tcp::socket>& stream) {
  return client_of(stream.native_handle());
}

} // namespace tutti::emulator
