// Owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace tutti::crypto {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

inline void free_certificates(STACK_OF(X509) * all) {
  sk_X509_pop_free(all, X509_free);
}

using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free_all>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freeing<EVP_MD_CTX_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using certificates_ptr = std::unique_ptr<STACK_OF(X509), freeing<free_certificates>>;
using pkcs12_ptr = std::unique_ptr<PKCS12, freeing<PKCS12_free>>;

/// Reads from `text`, which must outlive it.
inline bio_ptr bio_of(const std::string& text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

} // namespace tutti::crypto
