// Owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace tutti::wire {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freeing<EVP_MD_CTX_free>>;

} // namespace tutti::wire
