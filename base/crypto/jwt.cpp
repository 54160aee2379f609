// JWT by OpenSSL's EVP: header and claims are fixed shapes, the signature is RSASSA-PKCS1 SHA-512.
#include <base/crypto/jwt.hpp>

#include <base/crypto/base64.hpp>
#include <base/crypto/openssl.hpp>
#include <base/crypto/private_key.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <variant>
#include <vector>

namespace tutti::crypto {

namespace {

std::string openssl_words() {
  char text[256] = "unknown reason";
  if (auto code = ERR_peek_last_error(); code != 0)
    ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

failure refused(std::string detail, const char* code = "key") {
  return {errc::login_refused, std::move(detail), 0, code};
}

/// The PEM text behind base64; empty when there is none.
std::string from_base64(std::string_view given) {
  std::string text{given};
  std::erase_if(text, [](unsigned char c) { return c <= ' '; });
  std::string bytes(text.size(), '\0');
  auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  bytes.resize(static_cast<std::size_t>(std::max(length, 0)));
  return bytes.find("-----BEGIN") == bytes.npos ? std::string{} : bytes;
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  auto length = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(length)};
}

/// What is shorter is refused by today's rules; the pod asks for RSA of 2048 bits and more.
constexpr int least_bits = 2048;

} // namespace

struct signing_key::impl {
  key_ptr key;
};

result<key_pair> make_key_pair(int bits) {
  auto key = key_ptr{EVP_RSA_gen(static_cast<unsigned>(bits))};
  auto secret = bio_ptr{BIO_new(BIO_s_mem())};
  auto open = bio_ptr{BIO_new(BIO_s_mem())};
  if (!key ||
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
    return failure{errc::internal, "OpenSSL made no key: " + openssl_words(), 0, {}};
  return key_pair{text_of(secret.get()), text_of(open.get())};
}

result<signing_key> signing_key::parse(std::string_view text, std::string_view source,
                                       const std::string& password, std::string_view place) {
  std::string decoded;
  if (text.find("-----BEGIN") == text.npos)
    decoded = from_base64(text);
  const auto password_key = fmt::format("{}.password", place);
  auto read = read_private_key(decoded.empty() ? text : decoded, source, password, password_key);
  OPENSSL_cleanse(decoded.data(), decoded.size());
  if (const auto* none = std::get_if<no_key>(&read))
    return refused(none->detail, none->locked ? "key_encrypted" : "key");
  auto made = std::make_shared<impl>();
  made->key.reset(std::get<key_ptr>(read).release());
  if (EVP_PKEY_get_base_id(made->key.get()) != EVP_PKEY_RSA)
    return refused(fmt::format("{}: not an RSA key; Symphony logs bots in with RS512; make one: "
                               "tutti keys NAME",
                               source),
                   "key_not_rsa");
  if (auto bits = EVP_PKEY_get_bits(made->key.get()); bits < least_bits)
    return refused(fmt::format("{}: the RSA key has {} bits, at least {} are needed (4096 are "
                               "usual); make one: tutti keys NAME",
                               source, bits, least_bits),
                   "key_too_short");
  return signing_key{std::move(made)};
}

int signing_key::bits() const {
  return EVP_PKEY_get_bits(key_->key.get());
}

result<signing_key::certificate_facts> signing_key::look_at(std::string_view certificate,
                                                            std::string_view source) const {
  auto bio = bio_ptr{BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size()))};
  auto read = certificate_ptr{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  ERR_clear_error();
  if (!read)
    return failure{errc::misconfigured,
                   fmt::format("{}: no PEM certificate in it; of PKCS#12 make one: openssl pkcs12 "
                               "-in {} -nokeys -out cert.pem",
                               source, source),
                   0,
                   {}};
  certificate_facts facts;
  facts.of_this_key = EVP_PKEY_eq(X509_get0_pubkey(read.get()), key_->key.get()) == 1;
  facts.in_force = X509_cmp_current_time(X509_get0_notBefore(read.get())) < 0 &&
                   X509_cmp_current_time(X509_get0_notAfter(read.get())) > 0;
  auto text = bio_ptr{BIO_new(BIO_s_mem())};
  ASN1_TIME_print(text.get(), X509_get0_notAfter(read.get()));
  facts.ends = text_of(text.get());
  return facts;
}

result<std::string> signing_key::sign_login(std::string_view subject,
                                            std::chrono::system_clock::time_point now) const {
  auto expires =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()) + login_jwt_lifetime;
  auto text =
      to_base64_url(R"({"alg":"RS512","typ":"JWT"})") + '.' +
      to_base64_url(fmt::format(R"({{"sub":{},"exp":{}}})", json_text(subject), expires.count()));
  auto digest = digest_ptr{EVP_MD_CTX_new()};
  std::size_t length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha512(), nullptr, key_->key.get()) != 1 ||
      EVP_DigestSign(digest.get(), nullptr, &length, bytes, text.size()) != 1)
    return refused("signing the login failed: " + openssl_words());
  std::string signature(length, '\0');
  if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                     bytes, text.size()) != 1)
    return refused("signing the login failed: " + openssl_words());
  signature.resize(length);
  return text + '.' + to_base64_url(signature);
}

} // namespace tutti::crypto
