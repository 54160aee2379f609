#include <bot/command/lines.hpp>
#include <bot/process/exit_status.hpp>
#include <tutti/by_name.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::command;

user_id user(std::int64_t value) {
  return *user_id::make(value);
}

TEST(lines, an_open_im_is_one_object) {
  opened_or_not one{{user(1), user(2)}, im_created{*stream_id::make("abc"), im_origin::joined}, {}};
  EXPECT_EQ(to_line(one), R"({"streamId":"abc","participants":[1,2],"origin":"joined"})"
                          "\n");
}

TEST(lines, a_failure_is_one_object_with_a_number_or_null_for_a_status) {
  opened_or_not one{
      {std::string{"a\"b"}}, std::nullopt, {errc::rejected, "says \"no\"\n", 400, "x"}};
  EXPECT_EQ(to_line(one), R"({"error":"rejected","code":"x","detail":"says \"no\"\u000a",)"
                          R"("status":400,"participants":["a\"b"]})"
                          "\n");
  one.why.status = 0;
  EXPECT_NE(to_line(one).find(R"("status":null)"), std::string::npos);
}

TEST(lines, users_are_strings_or_numbers) {
  EXPECT_EQ(*read_users(R"([ "ada", 8933531975682, "b@c" ])", "here"),
            (std::vector<std::string>{"ada", "8933531975682", "b@c"}));
}

TEST(lines, what_is_no_array_of_users_is_refused_with_its_place) {
  for (const auto* line : {"", "x", "{}", "[", "[1.5]", "[null]", "[[1]]", "[]", "[true]"}) {
    auto read = read_users(line, "standard input:7");
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().code, usage_code);
    EXPECT_TRUE(read.error().detail.starts_with("standard input:7: ")) << read.error().detail;
  }
}

TEST(lines, a_user_is_an_id_an_address_or_a_name) {
  EXPECT_EQ(read_user("42")->id, user(42));
  EXPECT_EQ(read_user("a@b")->what, given_user::kind::email);
  EXPECT_EQ(read_user("ada")->what, given_user::kind::username);
  EXPECT_EQ(read_user("4ever")->what, given_user::kind::username);
}

TEST(lines, ids_that_cannot_be_are_refused) {
  for (const auto* text : {"", "0", "-5", "-", "9223372036854775808"}) {
    auto read = read_user(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(exit_status_of(read.error()), usage) << text;
  }
}

TEST(exit_status, follows_what_went_wrong) {
  auto status = [](errc error, const char* code = "") {
    return exit_status_of({error, "", 0, code});
  };
  EXPECT_EQ(status(errc::not_connected), refused);
  EXPECT_EQ(status(errc::unreachable), refused);
  EXPECT_EQ(status(errc::tls_failed), refused);
  EXPECT_EQ(status(errc::invalid_participants), refused);
  EXPECT_EQ(status(errc::invalid_participants, usage_code), usage);
  EXPECT_EQ(status(errc::login_refused), authentication);
  EXPECT_EQ(status(errc::login_refused, "clock_skew"), authentication);
  EXPECT_EQ(status(errc::login_refused, "key_file"), configuration);
  EXPECT_EQ(status(errc::unauthorized), authentication);
  EXPECT_EQ(status(errc::unknown_user), not_found);
  EXPECT_EQ(status(errc::misconfigured), configuration);
  EXPECT_EQ(status(errc::internal), internal);
}

} // namespace
