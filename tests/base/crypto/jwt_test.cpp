#include <base/crypto/jwt.hpp>
#include <emulator/crypto/jwt.hpp>

#include <gtest/gtest.h>
#include <jwt/jwt.hpp>

namespace {

using tutti::errc;
using tutti::crypto::signing_key;

const tutti::emulator::key_pair& pod_keys() {
  static const auto made = tutti::emulator::make_key_pair();
  return made;
}

// The oracle judges by its own clock.
const auto now = std::chrono::system_clock::now();

TEST(login_jwt, is_accepted_by_another_implementation) {
  auto token = signing_key::parse(pod_keys().private_pem, "key")->sign_login("my \"bot\"\n", now);
  ASSERT_TRUE(token);
  std::error_code error;
  auto decoded = jwt::decode(*token, jwt::params::algorithms({"RS512"}), error,
                             jwt::params::secret(pod_keys().public_pem), jwt::params::verify(true));
  EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(decoded.header().algo(), jwt::algorithm::RS512);
  EXPECT_EQ(decoded.payload().get_claim_value<std::string>("sub"), "my \"bot\"\n");
  EXPECT_EQ(decoded.payload().get_claim_value<std::uint64_t>("exp"),
            static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(now)) + 240);
}

TEST(login_jwt, another_key_does_not_verify_it) {
  auto token = signing_key::parse(pod_keys().private_pem, "key")->sign_login("bot", now);
  EXPECT_TRUE(tutti::emulator::signed_by(*token, pod_keys().public_pem));
  EXPECT_FALSE(tutti::emulator::signed_by(*token, tutti::emulator::make_key_pair().public_pem));
}

TEST(signing_key, what_is_no_rsa_key_is_refused_by_name) {
  const char* not_rsa = "-----BEGIN PRIVATE KEY-----\n"
                        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                        "-----END PRIVATE KEY-----\n";
  const char* encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
                          "-----END ENCRYPTED PRIVATE KEY-----\n";
  for (const auto* pem :
       {"", "words", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", not_rsa,
        encrypted, pod_keys().public_pem.c_str()}) {
    auto key = signing_key::parse(pem, "my.pem");
    ASSERT_FALSE(key) << pem;
    EXPECT_EQ(key.error().error, errc::login_refused);
    EXPECT_NE(key.error().detail.find("my.pem"), std::string::npos) << key.error().detail;
  }
}

} // namespace
