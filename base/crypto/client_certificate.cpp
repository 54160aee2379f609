// Certificate and key, checked against each other before a pod sees them.
#include <base/crypto/client_certificate.hpp>

#include <base/crypto/private_key.hpp>

#include <tutti/secret_file.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <ctime>
#include <variant>
#include <vector>

namespace tutti::crypto {

namespace {

/// `own` becomes the certificate that belongs to the key, at any position; without one it is the
/// first.
void sort(store_content& held, std::vector<certificate_ptr> all) {
  if (all.empty())
    return;
  auto own = std::find_if(all.begin(), all.end(), [&](const certificate_ptr& each) {
    return held.key && X509_check_private_key(each.get(), held.key.get()) == 1;
  });
  ERR_clear_error();
  if (own == all.end())
    own = all.begin();
  held.own = std::move(*own);
  held.others.reset(sk_X509_new_null());
  for (auto& each : all)
    if (each)
      sk_X509_push(held.others.get(), each.release());
}

result<store_content> read_pem(const std::string& given, const store_source& where) {
  store_content held;
  auto text = tidy_pem(given);
  const struct wiped {
    std::string& text;
    ~wiped() { cleanse(text); }
  } in_the_end{text};
  auto read = read_private_key(text, where.name(), where.given.password, where.place + ".password");
  if (auto* key = std::get_if<key_ptr>(&read))
    held.key.reset(key->release());
  else if (const auto& none = std::get<no_key>(read);
           none.locked || text.find("PRIVATE KEY-----") != text.npos)
    return failure{where.kind, where.place + ": " + none.detail, 0, where.code};
  std::vector<certificate_ptr> all;
  const auto bio = bio_of(text);
  while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    all.emplace_back(one);
  const auto whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error(); // The end of the text is an error, too.
  if (!whole)
    return where.wrong("certificate " + std::to_string(all.size() + 1) +
                       line_of_block(given, "CERTIFICATE", all.size() + 1) + " in it is damaged");
  sort(held, std::move(all));
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
client_certificate::load(const store_source& where) {
  auto bytes = read_store(where);
  if (!bytes)
    return bytes.error();
  auto made = parse(*bytes, where);
  cleanse(*bytes);
  return made;
}

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

} // namespace tutti::crypto
