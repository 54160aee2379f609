// The least a bot's start can cost: a process that signs once, as a login does (RS512).
// usage: tutti-bench-sign KEY
// Prints the CPU time it has used, the program's loading included.
#include <bench/cpu_ms.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

bool sign(const char* path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file{std::fopen(path, "r"), &std::fclose};
  if (!file)
    return false;
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{
      PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  const std::string text(200, 'x'); // As long as a login's token without its signature.
  std::vector<unsigned char> signature(1'024);
  auto size = signature.size();
  return key && EVP_DigestSignInit(context.get(), nullptr, EVP_sha512(), nullptr, key.get()) == 1 &&
         EVP_DigestSign(context.get(), signature.data(), &size,
                        reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !sign(argv[1])) {
    std::fputs("usage: tutti-bench-sign KEY (a private key, PEM)\n", stderr);
    return 2;
  }
  std::printf("{\"cpu_ms\":%.3f}\n", tutti::bench::cpu_ms());
  return 0;
}
