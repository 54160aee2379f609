// RS512 by OpenSSL.
#include <emulator/crypto/jwt.hpp>

#include <emulator/crypto/openssl.hpp>
#include <emulator/text.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <simdjson.h>

namespace tutti::emulator {

std::optional<jwt_claims> read_jwt(const std::string& token) {
  auto parts = split(token, '.');
  if (parts.size() != 3)
    return std::nullopt;
  try {
    simdjson::dom::parser parser;
    auto header = from_base64_url(parts[0]);
    std::string_view algorithm = parser.parse(header)["alg"];
    if (algorithm != "RS512")
      return std::nullopt;
    auto claims = from_base64_url(parts[1]);
    auto document = parser.parse(claims);
    return jwt_claims{std::string{std::string_view{document["sub"]}},
                      std::int64_t{document["exp"]}};
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

bool signed_by(const std::string& token, const std::string& public_key) {
  auto dot = token.rfind('.');
  auto signature = from_base64_url(std::string_view{token}.substr(dot + 1));
  auto bio = bio_ptr{BIO_new_mem_buf(public_key.data(), static_cast<int>(public_key.size()))};
  auto key = key_ptr{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
  auto digest = digest_ptr{EVP_MD_CTX_new()};
  return key &&
         EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha512(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(token.data()),
                          dot) == 1;
}

std::string make_jwt(const std::string& claims, const std::string& private_pem) {
  auto bio = bio_ptr{BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size()))};
  auto key = key_ptr{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>(""))};
  auto text = base64_url(R"({"alg":"RS512","typ":"JWT"})") + '.' + base64_url(claims);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  auto digest = digest_ptr{EVP_MD_CTX_new()};
  std::size_t length = 0;
  EVP_DigestSignInit(digest.get(), nullptr, EVP_sha512(), nullptr, key.get());
  EVP_DigestSign(digest.get(), nullptr, &length, bytes, text.size());
  std::string signature(length, '\0');
  EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes,
                 text.size());
  return text + '.' + base64_url(signature);
}

std::pair<std::string, std::string> rsa_numbers(const std::string& public_pem) {
  auto bio = bio_ptr{BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size()))};
  auto key = key_ptr{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
  auto number = [&](const char* which) {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key.get(), which, &value);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(value);
    return base64_url(bytes);
  };
  return {number(OSSL_PKEY_PARAM_RSA_N), number(OSSL_PKEY_PARAM_RSA_E)};
}

std::string public_half(const std::string& private_pem) {
  auto bio = bio_ptr{BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size()))};
  auto key = key_ptr{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>(""))};
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    return {};
  return public_pem(key.get());
}

key_pair make_key_pair() {
  auto key = key_ptr{EVP_RSA_gen(2048)};
  return {private_pem(key.get()), public_pem(key.get())};
}

} // namespace tutti::emulator
