#include <transport/message/gzip.hpp>

#include <gtest/gtest.h>

#include <zlib.h>

namespace {

using namespace tutti;

/// `form`: 15 for zlib, 31 for gzip, -15 for bare deflate.
std::string deflated(std::string text, int form) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, form, 8, Z_DEFAULT_STRATEGY);
  std::string made(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  deflate(&stream, Z_FINISH);
  made.resize(stream.total_out);
  deflateEnd(&stream);
  return made;
}

TEST(gzip, each_form_is_read) {
  const std::string text(100'000, 'x');
  for (int form : {31, 15, -15})
    EXPECT_EQ(transport::inflated(deflated(text, form), 100'000), text) << form;
  EXPECT_EQ(transport::inflated(deflated("", 31), 10), "");
}

TEST(gzip, what_grows_past_the_bound_is_refused) {
  EXPECT_FALSE(transport::inflated(deflated(std::string(100'001, 'x'), 31), 100'000));
}

TEST(gzip, what_is_cut_short_goes_on_or_is_none_is_refused) {
  const auto whole = deflated("a text that is long enough to be cut", 31);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(transport::inflated(std::string_view{whole}.substr(0, size), 1000)) << size;
  EXPECT_FALSE(transport::inflated(whole + "x", 1000));
  EXPECT_FALSE(transport::inflated("{}", 1000));
}

TEST(gzip, its_names_are_known_in_any_case) {
  for (const auto* name : {"gzip", "GZIP", "x-gzip", "deflate"})
    EXPECT_TRUE(transport::is_compression(name)) << name;
  for (const auto* name : {"", "br", "identity", "gzip, br"})
    EXPECT_FALSE(transport::is_compression(name)) << name;
}

} // namespace
