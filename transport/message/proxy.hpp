// How an HTTP proxy is spoken to, and what its refusals mean; pure.
#pragma once

#include <tutti/config.hpp>
#include <tutti/result.hpp>

#include <string>

namespace tutti::transport {

/// `Proxy-Authorization: Basic ...\r\n` (RFC 7617); empty without a user.
std::string proxy_authorization(const proxy_config& proxy);

/// The request that opens a tunnel to the host (RFC 9110, 9.3.6).
std::string connect_request(const host_config& host);

/// Why there is no way through: `misconfigured` for a 407 and what else is the proxy's policy,
/// `unreachable` for a proxy that does not get through either.
/// `offers`: the schemes of authentication it names, and whether Basic is one of them.
failure proxy_refusal(const host_config& host, int status, const std::string& reason,
                      const std::string& offers = {}, bool basic_offered = false);

} // namespace tutti::transport
