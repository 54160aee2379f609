// Which services of a deployment are one host.
#pragma once

#include <tutti/config.hpp>

#include <array>

namespace tutti::http {

/// By service: equal numbers are one host and share connections and bounds.
std::array<std::size_t, 4> host_groups(const std::array<host_config, 4>& hosts);

} // namespace tutti::http
