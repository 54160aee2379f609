// Hosts are one when they are reached in the same way.
#include <transport/hosts.hpp>

#include <algorithm>

namespace tutti::transport {

namespace {

bool same(const host_config& x, const host_config& y) {
  return x.scheme == y.scheme && x.host == y.host && x.port == y.port && x.context == y.context &&
         x.proxy == y.proxy && x.default_headers == y.default_headers;
}

} // namespace

std::array<std::size_t, service_count>
host_groups(const std::array<host_config, service_count>& hosts) {
  std::array<std::size_t, service_count> groups{};
  for (std::size_t i = 0; i < hosts.size(); ++i)
    groups[i] = static_cast<std::size_t>(
        std::find_if(hosts.begin(), hosts.end(),
                     [&](const host_config& each) { return same(each, hosts[i]); }) -
        hosts.begin());
  return groups;
}

std::size_t requests_per_second(const std::array<host_config, service_count>& hosts,
                                std::size_t which) {
  std::size_t strictest = 0;
  for (const auto& each : hosts)
    if (same(each, hosts[which]) && each.max_requests_per_second > 0)
      strictest = strictest == 0 ? each.max_requests_per_second
                                 : std::min(strictest, each.max_requests_per_second);
  return strictest;
}

namespace {

std::string bracketed(const std::string& name) {
  return name.find(':') == name.npos ? name : "[" + name + "]";
}

} // namespace

std::string authority(const host_config& host) {
  return bracketed(host.host) + ":" + std::to_string(host.port);
}

std::string authority(const proxy_config& proxy) {
  return bracketed(proxy.host) + ":" + std::to_string(proxy.port);
}

std::string host_header(const host_config& host) {
  return host.port == (host.scheme == "https" ? 443 : 80) ? bracketed(host.host) : authority(host);
}

} // namespace tutti::transport
