#include <tutti/ids.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;

TEST(user_id, holds_only_positive_numbers) {
  EXPECT_EQ(user_id::make(7215545058313)->value(), 7215545058313);
  EXPECT_EQ(user_id::make(0).error().error, errc::invalid_participants);
  EXPECT_EQ(user_id::make(-1).error().error, errc::invalid_participants);
}

TEST(user_id, is_read_from_digits_only) {
  EXPECT_EQ(user_id::parse("12")->value(), 12);
  for (const auto* text : {"", "1.5", "12x", " 1", "99999999999999999999", "joe@bank.com"})
    EXPECT_FALSE(user_id::parse(text)) << text;
}

TEST(stream_id, normalises_both_dialects_to_one) {
  EXPECT_EQ(*stream_id::make("xhGxbTcvTDK6EIMMrwdOrX+/quztr2HdA=="),
            *stream_id::make("xhGxbTcvTDK6EIMMrwdOrX-_quztr2HdA"));
}

TEST(stream_id, refuses_an_empty_or_foreign_text) {
  EXPECT_EQ(stream_id::make("").error().error, errc::protocol_error);
  EXPECT_EQ(stream_id::make("==").error().error, errc::protocol_error);
  EXPECT_EQ(stream_id::make("<html>").error().error, errc::protocol_error);
}

TEST(call_ticket, is_never_given_twice) {
  EXPECT_FALSE(call_ticket{});
  EXPECT_NE(call_ticket::next(), call_ticket::next());
}

} // namespace
