#include <base/crypto/jwt.hpp>
#include <base/crypto/private_key.hpp>

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace tutti;

const crypto::key_pair& keys() {
  static const auto made = crypto::make_key_pair(2048).value();
  return made;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// Empty when it is a key.
std::string complaint(const std::string& text, const std::string& password = {}) {
  auto read = crypto::read_private_key(text, "k.pem", password, "bot.privateKey.password");
  const auto* none = std::get_if<crypto::no_key>(&read);
  return none ? none->detail : "";
}

std::string der() {
  auto read = crypto::read_private_key(keys().private_half, "", "", "");
  auto& key = std::get<crypto::key_ptr>(read);
  unsigned char* bytes = nullptr;
  const auto size = i2d_PrivateKey(key.get(), &bytes);
  std::string made{reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size)};
  OPENSSL_free(bytes);
  return made;
}

std::string encrypted(const EVP_CIPHER* cipher) {
  auto read = crypto::read_private_key(keys().private_half, "", "", "");
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, std::get<crypto::key_ptr>(read).get(), cipher, "secret", 6,
                                nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio, &text);
  std::string made{text, static_cast<std::size_t>(size)};
  BIO_free(bio);
  return made;
}

TEST(private_key, is_read_from_a_variable_that_has_changed_its_line_breaks) {
  const auto& pem = keys().private_half;
  EXPECT_EQ(complaint(pem), "");
  EXPECT_EQ(complaint(replaced(pem, "\n", "\\n")), "") << "backslash and n";
  EXPECT_EQ(complaint(replaced(pem, "\n", "\\r\\n")), "");
  EXPECT_EQ(complaint(replaced(pem, "\n", " ")), "") << "blanks";
  EXPECT_EQ(complaint(replaced(pem, "\n", "\r\n")), "");
  EXPECT_EQ(complaint("\xEF\xBB\xBF" + pem), "") << "a byte-order mark";
}

TEST(private_key, the_first_one_counts_whatever_stands_around_it) {
  const auto& pem = keys().private_half;
  const std::string certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(complaint(certificate + pem), "");
  EXPECT_EQ(complaint(keys().public_half + pem + certificate), "");
  EXPECT_EQ(complaint("Bag Attributes\n  friendlyName: bot\n" + pem), "");
}

TEST(private_key, without_one_it_is_said_what_the_text_is) {
  EXPECT_NE(complaint(keys().public_half).find("public half"), std::string::npos);
  EXPECT_NE(complaint("hello").find("no PEM private key in it"), std::string::npos);
  EXPECT_NE(complaint(der()).find("openssl pkey -inform DER -in k.pem"), std::string::npos);
  std::string wide;
  for (char c : keys().private_half)
    wide.append({c, '\0'});
  EXPECT_NE(complaint("\xFF\xFE" + wide).find("iconv -f UTF-16"), std::string::npos);
  EXPECT_NE(complaint("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
                      "-----END OPENSSH PRIVATE KEY-----\n")
                .find("ssh-keygen -p -m PEM -f k.pem"),
            std::string::npos);
}

TEST(private_key, with_a_label_of_another_kind_the_label_is_named) {
  const auto wrong = replaced(keys().private_half, "BEGIN PRIVATE", "BEGIN RSA PRIVATE");
  const auto both = replaced(wrong, "END PRIVATE", "END RSA PRIVATE");
  const auto said = complaint(both);
  EXPECT_TRUE(said.empty() || said.find("sed 's/RSA PRIVATE KEY-----/PRIVATE KEY-----/' k.pem") !=
                                  std::string::npos)
      << said;
}

TEST(private_key, that_is_damaged_asks_whether_the_file_is_whole) {
  auto pem = keys().private_half;
  pem.resize(pem.size() / 2);
  EXPECT_NE(complaint(pem).find("is the file whole?"), std::string::npos) << complaint(pem);
}

TEST(private_key, that_is_encrypted_wants_its_password) {
  const auto pem = encrypted(EVP_aes_256_cbc());
  EXPECT_EQ(complaint(pem, "secret"), "");
  EXPECT_NE(complaint(pem).find("set bot.privateKey.password"), std::string::npos);
  EXPECT_NE(complaint(pem, "other").find("is bot.privateKey.password right?"), std::string::npos);
}

TEST(private_key, of_a_cipher_that_openssl_has_left_behind_names_the_way_out) {
  // Made by OpenSSL 1.1.1: openssl pkcs8 -topk8 -v1 PBE-MD5-DES; its content does not matter here.
  const std::string old = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                          "MCswGwYJKoZIhvcNAQUDMA4ECAECAwQFBgcIAgIIAAQMAQIDBAUGBwgJCgsM\n"
                          "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_NE(complaint(old, "secret").find("-provider legacy -in k.pem"), std::string::npos)
      << complaint(old, "secret");
}

TEST(tidy_pem, parts_what_was_glued_together) {
  EXPECT_EQ(crypto::tidy_pem("-----BEGIN A-----\nAA\n-----END A----------BEGIN A-----\nBB\n"
                             "-----END A-----\n"),
            "-----BEGIN A-----\nAA\n-----END A-----\n-----BEGIN A-----\nBB\n-----END A-----\n");
  EXPECT_EQ(crypto::tidy_pem("no PEM at all \\n"), "no PEM at all \\n");
}

} // namespace
