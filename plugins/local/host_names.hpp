// Which names a local server answers to: a page in a browser must not reach it under its own name.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// Whether the field `Host` names this server: a name or address of the loopback, the address the
/// connection came to, or one of `others` (any case; each with any port). Against DNS rebinding.
bool is_own_host(std::string_view host, const boost::asio::ip::address& reached,
                 const std::vector<std::string>& others);

} // namespace tutti
