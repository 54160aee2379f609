// Which services of a deployment are one host.
#pragma once

#include <tutti/config.hpp>

#include <array>
#include <string>

namespace tutti::transport {

/// By service: equal numbers are one host and share connections and bounds.
std::array<std::size_t, service_count>
host_groups(const std::array<host_config, service_count>& hosts);

/// `name:port`, an IPv6 address in brackets.
std::string authority(const host_config& host);
std::string authority(const proxy_config& proxy);

/// The same without a port that is the scheme's own: the `Host` header.
std::string host_header(const host_config& host);

/// What any second of that service's host may see: the strictest bound of those that share it; 0
/// for none.
std::size_t requests_per_second(const std::array<host_config, service_count>& hosts,
                                std::size_t which);

} // namespace tutti::transport
