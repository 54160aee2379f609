#include <base/crypto/private_key.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using tutti::crypto::flaw_of_pem;

const std::string body = "MIIBszCCAVmgAwIBAgIUQ0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\nAAAA\n";
const std::string first = "-----BEGIN CERTIFICATE-----\n" + body + "-----END CERTIFICATE-----\n";

TEST(pem_flaws, there_are_none_in_what_people_put_together) {
  for (const auto& text :
       {first, first + first, "subject=CN = a\nissuer=CN = b\n" + first,
        first + "\n\n# words\n" + first,
        "Entrust Root Certification Authority - G2, which is quite a long name of one\n" +
            std::string(76, '=') + "\n" + first,
        "#-----BEGIN CERTIFICATE-----\n-----ENDPOINTS-----\n" + first,
        "# --- BEGIN of our authorities ---\n" + first + "# --- END ---\n",
        "6db7a0b8c1d2e3f40516273849506172839405f6a7b8c9dadbecfd0e1f203142\n" + first,
        "Bag Attributes\n    friendlyName: a\n    localKeyID: 54 69 6D\nKey Attributes: <No "
        "Attributes>\n" +
            first,
        "-----BEGIN PRIVATE KEY-----\n" + body + "-----END PRIVATE KEY-----\n" + first,
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" +
            body + "-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN X509 CRL-----\r\n" + body + "-----END X509 CRL-----\r\n", std::string{}})
    EXPECT_EQ(flaw_of_pem(text), "") << text;
}

TEST(pem_flaws, are_named_with_their_line) {
  const std::pair<std::string, std::string> cases[] = {
      {"-----BEGIN CERTIFICATE-----\n" + body + first,
       "line 1: the block that begins here has no end"},
      {first + "-----BEGIN CERTIFICATE-----\n" + body,
       "line 5: the block that begins here has no end"},
      {first + body + "-----END CERTIFICATE-----\n",
       "line 5: this looks like a part of a certificate"},
      {"-----BEGIN CERTIFICATE----\n" + body, "line 1: a block begins with"},
      {"----BEGIN CERTIFICATE-----\n" + body, "line 1: a block begins with"},
      {"  -----BEGIN CERTIFICATE-----\n" + body, "line 1: a block begins with"},
      {"c: -----BEGIN CERTIFICATE-----\n" + body, "line 1: a block begins with"},
      {"-----BEGIN CRETIFICATE-----\n" + body, "line 1: 'CRETIFICATE' is no label"},
      {"-----BEGIN PKCS7-----\n" + body, "line 1: 'PKCS7' is no label"},
      {"-----BEGIN CERTIFICATE-----\n" + body + " -----END CERTIFICATE-----\n",
       "line 4: the block ends with"},
      {"-----END CERTIFICATE-----\n", "line 1: a block ends here that has not begun"},
  };
  for (const auto& [text, flaw] : cases)
    EXPECT_EQ(flaw_of_pem(text).substr(0, flaw.size()), flaw) << text;
}

} // namespace
