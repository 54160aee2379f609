#include <wire/endpoints.hpp>
#include <wire/redact.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;

const std::string token = "eyJhbGciOiJSUzUxMiJ9.q7Zk1vW9x/AbC+dEf==.ThirdPart-of_it~0123456789";
const std::string header = "sessionToken: " + token + "\r\n";

/// Whether 16 characters in a row of `secret` stand in `text`.
bool leaks(const std::string& text, const std::string& secret) {
  for (std::size_t i = 0; i + 16 <= secret.size(); ++i)
    if (text.find(secret.substr(i, 16)) != text.npos)
      return true;
  return false;
}

TEST(redact, takes_out_the_whole_secret_and_leaves_the_rest) {
  EXPECT_EQ(wire::redacted("bad token " + token + ", sorry", header), "bad token ***, sorry");
  EXPECT_EQ(wire::redacted("sessionToken: missing", header), "sessionToken: missing");
  EXPECT_EQ(wire::redacted("", header), "");
  EXPECT_EQ(wire::redacted("short", header), "short");
  EXPECT_EQ(wire::redacted("nothing was sent", ""), "nothing was sent");
}

TEST(redact, what_each_request_carries_counts_but_for_what_is_no_secret) {
  config settings;
  settings.host_of(service::pod).default_headers = {{"X-Gateway-Key", "0123456789abcdefKEY"},
                                                    {"Accept", "application/vnd.symphony+json"}};
  settings.host_of(service::agent).proxy.password = "a-password-of-the-proxy";
  const auto secrets = wire::secrets_of(settings);
  EXPECT_EQ(wire::redacted("no key 0123456789abcdefKEY", secrets), "no key ***");
  EXPECT_EQ(wire::redacted("no user a-password-of-the-proxy", secrets), "no user ***");
  EXPECT_EQ(wire::redacted("application/vnd.symphony+json", secrets),
            "application/vnd.symphony+json");
}

TEST(redact, takes_out_pieces_from_wherever) {
  for (std::size_t from = 0; from + 16 <= token.size(); ++from) {
    auto text = wire::redacted("begins " + token.substr(from, 20) + " ends", header);
    EXPECT_FALSE(leaks(text, token)) << text;
    EXPECT_TRUE(text.starts_with("begins ") && text.ends_with(" ends")) << text;
  }
}

TEST(redact, takes_out_what_was_escaped_or_spelt_in_another_case) {
  std::string escaped;
  for (char c : token)
    escaped += (c == '/' ? "\\" : "") + std::string{c};
  EXPECT_FALSE(leaks(wire::redacted(escaped, header), token));
  std::string upper;
  for (char c : token)
    upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_FALSE(leaks(wire::redacted(upper, header), upper));
}

TEST(redact, a_refusal_quotes_no_secret_of_its_request) {
  http_response answer;
  answer.secrets = std::make_shared<const std::string>(header);
  for (auto status : {200, 302, 400, 401, 403, 404, 429, 500, 503}) {
    answer.status = status;
    for (const auto& body : {R"({"message":"bad token )" + token + "\"}", "<html>" + header, token,
                             std::string(190, 'x') + token}) {
      answer.body = body;
      answer.content_type = "text/" + token;
      EXPECT_FALSE(leaks(wire::refusal("create", answer).detail, token)) << status << body;
      EXPECT_FALSE(leaks(wire::read_im(answer).error().detail, token)) << status << body;
    }
  }
}

} // namespace
