// Done with OpenSSL.
#include <base/crypto/signature.hpp>

#include <base/crypto/openssl.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>

namespace tutti::crypto {

bool signed_with(std::string_view text, const std::string& signature,
                 const std::string& certificate) {
  auto bio = bio_ptr{BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size()))};
  auto shown = certificate_ptr{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  auto* key = shown ? X509_get0_pubkey(shown.get()) : nullptr;
  auto digest = digest_ptr{EVP_MD_CTX_new()};
  auto good =
      key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
      EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha512(), nullptr, key) == 1 &&
      EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  ERR_clear_error();
  return good;
}

bool same_secret(const std::string& one, const std::string& other) {
  return one.size() == other.size() && !one.empty() &&
         CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string random_token() {
  std::array<unsigned char, 32> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string text;
  for (auto each : bytes)
    text += fmt::format("{:02x}", each);
  return text;
}

} // namespace tutti::crypto
