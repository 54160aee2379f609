// Host, Accept, Accept-Encoding, User-Agent and the configured headers.
#include <transport/message/request_head.hpp>

#include <transport/hosts.hpp>
#include <transport/message/proxy.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <string_view>

namespace tutti::transport {

request_head::request_head(const host_config& host) {
  auto through_proxy = !host.proxy.host.empty() && host.scheme == "http";
  before_ = (through_proxy ? "http://" + host_header(host) : std::string{}) + host.context;
  after_ = " HTTP/1.1\r\nHost: " + host_header(host) + "\r\n";
  for (auto [name, value] : {std::pair{"Accept", "application/json"},
                             {"Accept-Encoding", "identity"},
                             {"User-Agent", "tutti"}})
    if (std::none_of(
            host.default_headers.begin(), host.default_headers.end(),
            [own = name](const auto& each) { return boost::beast::iequals(each.first, own); }))
      after_.append(name).append(": ").append(value).append("\r\n");
  for (const auto& [name, value] : host.default_headers)
    after_.append(name).append(": ").append(value).append("\r\n");
  if (through_proxy)
    after_ += proxy_authorization(host.proxy);
}

void request_head::write(std::string& into, const outgoing& request) const {
  into.clear();
  into.append(to_string(request.method)).append(" ").append(before_).append(request.target);
  into.append(after_).append(request.headers);
  if (!request.body.empty() && !request.content_type_given)
    into.append("Content-Type: application/json\r\n");
  const auto length = request.body.size() + (request.rest ? request.rest->size() : 0);
  if (length > 0 || request.method != http_method::get)
    into.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
  into.append("\r\n").append(request.body);
}

} // namespace tutti::transport
