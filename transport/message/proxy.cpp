// Basic authentication, CONNECT, and words.
#include <transport/message/proxy.hpp>

#include <base/crypto/base64.hpp>
#include <transport/hosts.hpp>

namespace tutti::transport {

namespace {

/// What a proxy says may repeat what it was sent.
std::string without_credentials(std::string text, const proxy_config& proxy) {
  if (proxy.password.empty())
    return text;
  for (const auto& secret :
       {crypto::to_base64(proxy.username + ":" + proxy.password), proxy.password})
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  return text;
}

} // namespace

std::string proxy_authorization(const proxy_config& proxy) {
  if (proxy.username.empty())
    return {};
  return "Proxy-Authorization: Basic " + crypto::to_base64(proxy.username + ":" + proxy.password) +
         "\r\n";
}

std::string connect_request(const host_config& host) {
  return "CONNECT " + authority(host) + " HTTP/1.1\r\nHost: " + authority(host) + "\r\n" +
         proxy_authorization(host.proxy) + "\r\n";
}

failure proxy_refusal(const host_config& host, int status, const std::string& reason,
                      const std::string& offers, bool basic_offered) {
  const auto said = without_credentials(reason, host.proxy);
  auto answered = "the proxy " + authority(host.proxy) + " answers HTTP " + std::to_string(status) +
                  (said.empty() ? "" : " " + said);
  if (status == 407 && !offers.empty() && !basic_offered)
    return {errc::misconfigured,
            answered + ": it offers " + offers +
                " only, and basic authentication is what is spoken here; have its administrator "
                "allow that, or put a proxy between that speaks to it (cntlm, px)",
            status, "proxy_authentication"};
  if (status == 407 || status == 401)
    return {errc::misconfigured,
            answered + (host.proxy.username.empty()
                            ? ": it wants a user; set proxy.username and proxy.password"
                            : ": it does not take proxy.username and proxy.password (basic "
                              "authentication)"),
            status, "proxy_authentication"};
  if (status < 500)
    return {errc::misconfigured,
            answered + ": it does not let us through to " + authority(host) +
                "; have its administrator allow that",
            status, "proxy_refused"};
  return {errc::unreachable,
          answered + ": it does not get through to " + authority(host) +
              "; check host and port, and that it is running",
          status, "proxy_no_connection"};
}

} // namespace tutti::transport
