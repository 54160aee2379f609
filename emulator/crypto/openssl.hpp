// Owners of OpenSSL's objects, and their text.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>

namespace tutti::emulator {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freeing<EVP_MD_CTX_free>>;

/// What has been written to a memory BIO.
inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  auto length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

/// PKCS#8.
inline std::string private_pem(const EVP_PKEY* key) {
  auto bio = bio_ptr{BIO_new(BIO_s_mem())};
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

inline std::string public_pem(const EVP_PKEY* key) {
  auto bio = bio_ptr{BIO_new(BIO_s_mem())};
  PEM_write_bio_PUBKEY(bio.get(), key);
  return text_of(bio.get());
}

} // namespace tutti::emulator
