// Hosts are one when nothing in their configuration differs.
#include <actors/http/hosts.hpp>

#include <algorithm>

namespace tutti::http {

std::array<std::size_t, 4> host_groups(const std::array<host_config, 4>& hosts) {
  std::array<std::size_t, 4> groups{};
  for (std::size_t i = 0; i < hosts.size(); ++i)
    groups[i] =
        static_cast<std::size_t>(std::find(hosts.begin(), hosts.end(), hosts[i]) - hosts.begin());
  return groups;
}

namespace {

std::string bracketed(const std::string& name) {
  return name.find(':') == name.npos ? name : "[" + name + "]";
}

} // namespace

std::string authority(const host_config& host) {
  return bracketed(host.host) + ":" + std::to_string(host.port);
}

std::string host_header(const host_config& host) {
  return host.port == (host.scheme == "https" ? 443 : 80) ? bracketed(host.host) : authority(host);
}

} // namespace tutti::http
