#include <transport/message/proxy.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;

host_config behind_a_proxy() {
  host_config host;
  host.host = "pod.example";
  host.proxy.host = "proxy.example";
  host.proxy.username = "bot";
  host.proxy.password = "pass-1";
  return host;
}

TEST(proxy, refusal_quotes_neither_password_nor_credentials) {
  const auto host = behind_a_proxy();
  auto why = transport::proxy_refusal(host, 407, "bot:pass-1 (Basic Ym90OnBhc3MtMQ==) is unknown");
  EXPECT_NE(why.detail.find("HTTP 407 bot:*** (Basic ***) is unknown"), std::string::npos)
      << why.detail;
}

TEST(proxy, refusal_names_what_it_offers_when_that_is_nothing_we_speak) {
  const auto host = behind_a_proxy();
  auto why = transport::proxy_refusal(host, 407, "", "Negotiate, NTLM");
  EXPECT_NE(why.detail.find("it offers Negotiate, NTLM only"), std::string::npos) << why.detail;
  why = transport::proxy_refusal(host, 407, "", "Negotiate, Basic", true);
  EXPECT_NE(why.detail.find("proxy.username"), std::string::npos) << why.detail;
}

TEST(proxy, refusal_without_a_password_is_quoted_as_it_is) {
  auto host = behind_a_proxy();
  host.proxy.username = host.proxy.password = "";
  auto why = transport::proxy_refusal(host, 403, "closed: shop.example");
  EXPECT_NE(why.detail.find("HTTP 403 closed: shop.example"), std::string::npos) << why.detail;
}

} // namespace
