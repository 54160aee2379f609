#include <tutti/protocol/error.hpp>
#include <tutti/result.hpp>
#include <tutti/session.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace {

using namespace tutti;

TEST(errc, every_value_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (auto value = 1; value <= static_cast<int>(errc::internal); ++value)
    names.insert(to_string(static_cast<errc>(value)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(errc::internal));
  EXPECT_EQ(to_string(errc::not_connected), "not_connected");
  EXPECT_EQ(to_string(errc::internal), "internal");
  EXPECT_EQ(to_string(static_cast<errc>(200)), "unknown");
}

TEST(failure, travels_between_actors_whole) {
  const auto why = failure{errc::not_entitled, "words", 403, "code"};
  EXPECT_EQ(to_failure(to_error(why)), why);
  EXPECT_EQ(to_string(why), "not_entitled: words");
}

TEST(failure, a_foreign_error_is_told_apart) {
  EXPECT_EQ(to_failure(caf::make_error(caf::sec::request_receiver_down)).error,
            errc::shutting_down);
  EXPECT_EQ(to_failure(caf::make_error(caf::sec::request_timeout)).error, errc::internal);
}

TEST(session, prints_stars) {
  auto secret = session{"secret"};
  std::ostringstream text;
  text << secret << to_string(secret);
  EXPECT_EQ(text.str(), "******");
  EXPECT_EQ(secret.reveal(), "secret");
}

TEST(result, without_a_value_throws_the_failure_s_words) {
  result<int> empty = failure{errc::rejected, "why", 0, {}};
  try {
    (void)empty.value();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "rejected: why");
  }
}

} // namespace
