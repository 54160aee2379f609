#include <plugins/local/host_names.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using boost::asio::ip::make_address;

TEST(host_names, those_of_the_loopback_are_its_own) {
  const auto here = make_address("127.0.0.1");
  for (const auto* host : {"localhost", "LOCALHOST:9464", "localhost.", "127.0.0.1", "127.0.0.1:80",
                           "127.8.8.8:1", "[::1]", "[::1]:9464", "::1"})
    EXPECT_TRUE(is_own_host(host, here, {})) << host;
}

TEST(host_names, so_is_the_address_the_client_has_reached) {
  EXPECT_TRUE(is_own_host("192.0.2.7:9464", make_address("192.0.2.7"), {}));
  EXPECT_FALSE(is_own_host("192.0.2.8:9464", make_address("192.0.2.7"), {}));
  EXPECT_TRUE(is_own_host("192.0.2.7:9464", make_address("::ffff:192.0.2.7"), {}));
  EXPECT_TRUE(is_own_host("[2001:db8::1]", make_address("2001:db8::1"), {}));
}

TEST(host_names, others_are_not_unless_they_are_named) {
  const auto here = make_address("127.0.0.1");
  for (const auto* host :
       {"evil.example", "evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example",
        "[", "[]", ":", "@127.0.0.1", "evil@localhost"})
    EXPECT_FALSE(is_own_host(host, here, {})) << host;
  EXPECT_TRUE(is_own_host("Bot.Example:9464", here, {"other", "bot.example"}));
}

} // namespace
