// Certificate and key, checked against each other before a pod sees them.
#include <actors/http/client_certificate.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <ctime>

namespace tutti::http {

namespace {

/// OpenSSL asks for a password; it must never ask people.
int give_password(char* into, int size, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  auto length = std::min<std::size_t>(text.size(), static_cast<std::size_t>(size));
  std::copy_n(text.data(), length, into); // OpenSSL goes by the length, no zero is wanted.
  return static_cast<int>(length);
}

result<store_content> read_pem(const std::string& text, const store_source& where) {
  store_content held;
  auto bio = bio_of(text);
  held.others.reset(sk_X509_new_null());
  while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    if (!held.own)
      held.own.reset(one);
    else
      sk_X509_push(held.others.get(), one);
  }
  ERR_clear_error(); // The end of the text is an error, too.
  auto password = where.given.password;
  bio = bio_of(text);
  held.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
  ERR_clear_error();
  if (!held.key && text.find("ENCRYPTED") != text.npos)
    return where.wrong("its key is encrypted, and " + where.place + ".password is " +
                       (password.empty() ? "missing" : "wrong"));
  return held;
}

std::string text_of(const ASN1_TIME* time) {
  std::tm when{};
  ASN1_TIME_to_tm(time, &when);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &when);
  return text;
}

} // namespace

result<std::shared_ptr<const client_certificate>>
client_certificate::parse(const std::string& bytes, const store_source& where) {
  auto held = is_pem(bytes) ? read_pem(bytes, where) : open_pkcs12(bytes, where);
  if (!held)
    return held.error();
  if (!held->own)
    return where.wrong("no certificate in it");
  if (!held->key)
    return where.wrong("no private key in it; put certificate and key into one file");
  if (X509_check_private_key(held->own.get(), held->key.get()) != 1) {
    ERR_clear_error();
    return where.wrong("the key is not that of the certificate; give the pair that belongs "
                       "together");
  }
  const auto* begins = X509_get0_notBefore(held->own.get());
  const auto* ends = X509_get0_notAfter(held->own.get());
  if (X509_cmp_current_time(begins) > 0 || X509_cmp_current_time(ends) < 0)
    return where.wrong("the certificate is not valid now (from " + text_of(begins) + " until " +
                       text_of(ends) + "); have it renewed, or set this machine's clock");
  auto made = std::shared_ptr<client_certificate>{new client_certificate};
  made->key_ = std::move(held->key);
  made->own_ = std::move(held->own);
  made->above_ = std::move(held->others);
  return std::shared_ptr<const client_certificate>{std::move(made)};
}

bool client_certificate::use(SSL* connection) const {
  return SSL_use_cert_and_key(connection, own_.get(), key_.get(), above_.get(), 1) == 1;
}

std::string client_certificate::name() const {
  char text[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(own_.get()), NID_commonName, text, sizeof text);
  return text;
}

bool client_certificate::in_force() const {
  return X509_cmp_current_time(X509_get0_notAfter(own_.get())) > 0;
}

std::string client_certificate::ends() const {
  return text_of(X509_get0_notAfter(own_.get()));
}

} // namespace tutti::http
