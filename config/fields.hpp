// The one list of configuration keys: key, member, help.
#pragma once

#include <tutti/config.hpp>

#include <string>

namespace tutti::config_file {

/// Calls `visit(key, member, help)` for the keys of a host, `prefix` before each.
template <class Visit>
void host_fields(Visit&& visit, host_config& host, const std::string& prefix) {
  visit(prefix + "scheme", host.scheme, "http or https");
  visit(prefix + "host", host.host, "name or address, without port");
  visit(prefix + "port", host.port, "TCP port");
  visit(prefix + "context", host.context, "put before every path, e.g. /gateway");
}

/// Calls `visit(key, member, help)` for every key but those of hosts and `plugins`.
template <class Visit>
void fields(Visit&& visit, config& all) {
  visit("bot.username", all.bot.username, "the service account, case-sensitive");
  visit("bot.privateKey.path", all.bot.private_key_path,
        "file with the RSA private key (PEM), read again at each login");
  visit("bot.privateKey.content", all.bot.private_key_content, "the key itself, instead of a path");
  visit("im.multiParty", all.im.multi, "refuse or allow several other participants");
  visit("im.timeout", all.im.timeout, "deadline of a request that brings none");
  visit("im.directory.capacity", all.im.directory.capacity, "known IMs kept; 0: none");
  visit("im.directory.ttl", all.im.directory.ttl, "a known IM is asked for again after this time");
  visit("entitlements.ttl", all.entitlements.ttl,
        "how long a caller's way to a user is believed open without asking");
  visit("entitlements.capacity", all.entitlements.capacity, "users whose standing is remembered");
  visit("http.maxInFlight", all.http.max_in_flight, "requests on the wire at once, per host");
  visit("http.maxQueued", all.http.max_queued, "requests that may wait for their turn, per host");
  visit("http.connectTimeout", all.http.connect_timeout, "longest wait for a TCP connection");
  visit("http.timeout", all.http.timeout, "deadline of one call that brings none");
  visit("http.maxBody", all.http.max_body, "largest answer accepted, in bytes");
  visit("log.level", all.log.level, "trace, debug, info, warn, error or off");
}

} // namespace tutti::config_file
