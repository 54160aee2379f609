// What a host may be called, and which headers go to it.
#include <config/host_keys.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <iterator>
#include <set>
#include <utility>

namespace tutti::config_file {

namespace {

/// What is wrong with a name that has a port behind it, as in `h:3128` and `[::1]:3128`; empty for
/// one that has none. Two colons and more without brackets are an IPv6 address. Only a port is
/// quoted: a password may stand there.
std::string flaw_of_name(const std::string& name, const char* way_out) {
  auto at = name.rfind(':');
  if (at == name.npos || (name.find(':') != at && !(name.starts_with('[') && name[at - 1] == ']')))
    return {};
  auto port = name.substr(at + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos)
    return "a ':' has no place in the name of a host";
  return "a port stands behind the name; write it as " + (way_out + port);
}

void refuse_a_bad_host(reading& in, const tree& rows, const host_config& host,
                       const std::string& prefix) {
  std::set<std::string> told; // The first of each: a later one would quote what that hides.
  auto object = [&](const char* word, const std::string& what) {
    const auto* found = rows.find(prefix + word);
    if (found && told.insert(word).second)
      in.complaints.push_back({found->value.Mark(), prefix + word + ": " + what});
  };
  if (host.scheme != "https" && host.scheme != "http")
    object("scheme", "'" + host.scheme + "' is none of: https, http");
  if (host.host.find('@') != std::string::npos) // Not quoted: a password may stand before it.
    object("host", "a user and '@' have no place here; a proxy's user is proxy.username");
  if (auto at = host.host.find("://"); at != std::string::npos)
    object("host", "an address with a scheme; write the name alone, and the scheme as 'scheme: " +
                       host.host.substr(0, at) + "'");
  if (host.host.find_first_of("/ \t\r\n") != std::string::npos)
    object("host", "this is not the name of a host; a path goes into context");
  if (auto flaw = flaw_of_name(host.host, "port: "); !flaw.empty())
    object("host", flaw);
  if (host.proxy.host.find_first_of("/@ \t\r\n") != std::string::npos)
    object("proxy.host", "write the name alone; port, username and password are keys of their own");
  if (auto flaw = flaw_of_name(host.proxy.host, "proxy.port: "); !flaw.empty())
    object("proxy.host", flaw);
  if (!host.proxy.host.empty() && host.proxy.port == 0 && !rows.find(prefix + "proxy.port"))
    object("proxy.host", "proxy.port is missing");
  if (host.proxy.username.find(':') != std::string::npos)
    object("proxy.username", "a ':' cannot be part of it (RFC 7617)");
  if (host.context.find_first_of(" ?#\t\r\n") != std::string::npos)
    object("context", "'" + host.context + "' is not a path such as /gateway");
}

std::string lower(const std::string& text) {
  std::string made;
  for (unsigned char c : text)
    made += static_cast<char>(std::tolower(c));
  return made;
}

/// What each request says by itself, as the kits' examples have it.
bool is_sent_anyway(const std::string& name, const std::string& value) {
  constexpr std::pair<const char*, const char*> own[] = {{"connection", "keep-alive"},
                                                         {"content-type", "application/json"},
                                                         {"accept-encoding", "identity"}};
  return std::any_of(std::begin(own), std::end(own), [&](const auto& each) {
    return lower(name) == each.first && lower(value) == each.second;
  });
}

/// Why that header cannot be sent with every request; empty when it can.
std::string flaw_of_header(const std::string& name, const std::string& value) {
  auto is_token = [](unsigned char c) { // RFC 9110, 5.6.2
    return std::isalnum(c) || (c != 0 && std::strchr("!#$%&'*+-.^_`|~", c));
  };
  auto is_text = [](unsigned char c) { return c == '\t' || (c >= ' ' && c != 127); };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token))
    return "this is no name of a header";
  if (!std::all_of(value.begin(), value.end(), is_text))
    return "a value is one line of text";
  for (const auto* own :
       {"host", "content-length", "content-type", "transfer-encoding", "connection",
        "accept-encoding", "sessiontoken", "keymanagertoken", "authorization",
        "proxy-authorization", "x-trace-id", "expect", "upgrade"})
    if (lower(name) == own)
      return "each request carries its own";
  return {};
}

/// `gateway/`, `/gateway` and `gateway` are one: the kits take each of them.
void tidy_context(std::string& context) {
  while (context.ends_with('/'))
    context.pop_back();
  if (!context.empty() && !context.starts_with('/'))
    context.insert(0, "/");
}

/// `[::1]` is how URLs spell an IPv6 address.
void tidy_name(std::string& name) {
  if (name.starts_with('[') && name.ends_with(']'))
    name = name.substr(1, name.size() - 2);
}

void read_headers(reading& in, const tree& rows, config& made, host_config& host,
                  const std::string& prefix) {
  const auto key = prefix + "defaultHeaders";
  if (rows.find(key))
    host.default_headers.clear();
  std::set<std::string> seen;
  in.each_of_map(rows, key, "{X-Desk: fx-bot}",
                 [&](const std::string& name, const std::string& value, std::string& wrong) {
                   if (is_sent_anyway(name, value)) {
                     made.without_effect.push_back(key + "." + name);
                     return;
                   }
                   wrong = seen.insert(lower(name)).second ? flaw_of_header(name, value)
                                                           : "given twice";
                   host.default_headers[name] = value;
                 });
}

} // namespace

void read_hosts(reading& in, const tree& rows, config& made) {
  auto take_field = [&](const std::string& key, auto& member, std::string_view) {
    in.take(rows, key, member);
  };
  auto read_one = [&](host_config& host, const std::string& prefix) {
    for (const auto* word : {"host", "port", "username", "password"})
      if (rows.find(prefix + "proxy." + word)) // Whole, as in the kits.
        host.proxy = {};
    host_fields(take_field, host, prefix);
    refuse_a_bad_host(in, rows, host, prefix);
    read_headers(in, rows, made, host, prefix);
  };
  host_config root;
  read_one(root, "");
  made.hosts.fill(root);
  for (auto [name, which] : services) {
    auto& host = made.host_of(which);
    read_one(host, std::string{name} + ".");
    tidy_context(host.context);
    tidy_name(host.host);
    tidy_name(host.proxy.host);
  }
}

} // namespace tutti::config_file
