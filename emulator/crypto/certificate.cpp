// X.509 by OpenSSL.
#include <emulator/crypto/certificate.hpp>

#include <emulator/crypto/openssl.hpp>
#include <emulator/files.hpp>

#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace tutti::emulator {

namespace {

using x509_ptr = std::unique_ptr<X509, freeing<X509_free>>;

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (!made)
    throw std::runtime_error{"a certificate cannot be made for " + value};
  X509_add_ext(to, made, -1);
  X509_EXTENSION_free(made);
}

x509_ptr make(const std::string& common_name, EVP_PKEY* key, std::chrono::hours valid) {
  auto made = x509_ptr{X509_new()};
  X509_set_version(made.get(), 2);
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
  // A little into the past: clocks differ.
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()),
                  std::chrono::duration_cast<std::chrono::seconds>(valid).count());
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  return made;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& each : names) {
    auto address = each.find_first_not_of("0123456789.") == each.npos;
    text.append(text.empty() ? "" : ",").append(address ? "IP:" : "DNS:").append(each);
  }
  return text;
}

std::string pem_of(X509* certificate) {
  auto bio = bio_ptr{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

x509_ptr read_certificate(const std::string& pem) {
  auto bio = bio_ptr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  auto read = x509_ptr{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  if (!read)
    throw std::runtime_error{"no certificate (PEM) where one is needed"};
  return read;
}

key_ptr read_key(const std::string& pem) {
  auto bio = bio_ptr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  auto read = key_ptr{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>(""))};
  if (!read)
    throw std::runtime_error{"no private key (PEM) where one is needed"};
  return read;
}

} // namespace

certificate make_certificate(const std::vector<std::string>& names, std::chrono::hours valid) {
  auto authority_key = key_ptr{EVP_EC_gen("P-256")};
  auto authority = make("tutti-pod authority", authority_key.get(), valid);
  X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
  add_extension(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign");
  add_extension(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
  X509_sign(authority.get(), authority_key.get(), EVP_sha256());

  auto key = key_ptr{EVP_EC_gen("P-256")};
  auto own = make(names.front(), key.get(), valid);
  X509_set_issuer_name(own.get(), X509_get_subject_name(authority.get()));
  add_extension(own.get(), authority.get(), NID_subject_alt_name, alternative_names(names));
  add_extension(own.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  add_extension(own.get(), authority.get(), NID_authority_key_identifier, "keyid");
  X509_sign(own.get(), authority_key.get(), EVP_sha256());

  return {pem_of(own.get()), private_pem(key.get()), pem_of(authority.get()),
          private_pem(authority_key.get())};
}

std::string make_client_certificate(const certificate& of, const std::string& name,
                                    std::chrono::hours valid) {
  auto authority = read_certificate(of.authority);
  auto authority_key = read_key(of.authority_key);
  auto key = key_ptr{EVP_RSA_gen(2048)};
  auto own = make(name, key.get(), valid);
  X509_set_issuer_name(own.get(), X509_get_subject_name(authority.get()));
  add_extension(own.get(), authority.get(), NID_ext_key_usage, "clientAuth");
  X509_sign(own.get(), authority_key.get(), EVP_sha256());
  return pem_of(own.get()) + private_pem(key.get());
}

std::string as_pkcs12(const std::string& pem, const std::string& password) {
  auto own = read_certificate(pem);
  auto key = read_key(pem);
  auto store = std::unique_ptr<PKCS12, freeing<PKCS12_free>>{
      PKCS12_create(password.c_str(), "tutti", key.get(), own.get(), nullptr, 0, 0, 0, 0, 0)};
  auto bio = bio_ptr{BIO_new(BIO_s_mem())};
  i2d_PKCS12_bio(bio.get(), store.get());
  return text_of(bio.get());
}

std::string self_signed(const std::string& pem, const std::string& name) {
  auto key = read_key(pem);
  auto own = make(name, key.get(), std::chrono::hours{24 * 365});
  X509_set_issuer_name(own.get(), X509_get_subject_name(own.get()));
  X509_sign(own.get(), key.get(), EVP_sha256());
  return pem_of(own.get());
}

certificate load_certificate(const std::string& chain_path, const std::string& key_path) {
  return {read_file(chain_path), read_file(key_path), {}, {}};
}

} // namespace tutti::emulator
