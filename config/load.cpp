// YAML in, struct config out; every complaint names file, line, column and key.
#include <tutti/config_file.hpp>

#include <config/expand.hpp>
#include <config/fields.hpp>
#include <config/tree.hpp>
#include <config/values.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <tuple>

namespace tutti::config_file {

namespace {

std::optional<std::string> getenv_of(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

/// The keys of the official kits that are known and have no effect.
template <class Visit>
void each_idle_key(Visit&& visit) {
  for (const auto& each : idle_host_keys) {
    visit(std::string{each.key}, each.what);
    for (auto [name, which] : services)
      visit(std::string{name} + "." + std::string{each.key}, each.what);
  }
  for (const auto& each : idle_keys)
    visit(std::string{each.key}, each.what);
}

known_keys all_keys() {
  known_keys made;
  config some;
  auto add = [&](const std::string& key, auto&, std::string_view) { made.add(key); };
  host_fields(add, some.hosts[0], "");
  for (auto [name, which] : services)
    host_fields(add, some.hosts[0], std::string{name} + ".");
  fields(add, some);
  for (auto [old_key, key] : aliases)
    made.add(std::string{old_key});
  made.add("log.levels", shape::anything);
  made.add("defaultHeaders", shape::anything);
  for (auto [name, which] : services)
    made.add(std::string{name} + ".defaultHeaders", shape::anything);
  made.add("plugins", shape::list);
  each_idle_key([&](const std::string& key, shape what) { made.add(key, what, true); });
  return made;
}

std::string value_of(const std::string& key, const YAML::Node& node) {
  auto value = expand(node.Scalar(), getenv_of);
  if (!value.error.empty())
    throw complaint{node.Mark(), key + ": " + value.error};
  return value.text;
}

template <class T>
void take(const tree& rows, const std::string& key, T& into) {
  const auto* found = rows.find(key);
  if (!found)
    return;
  std::string wrong;
  read(value_of(key, found->value), into, wrong);
  if (!wrong.empty())
    throw complaint{found->value.Mark(), key + ": " + wrong};
}

// -- hosts --------------------------------------------------------------------

void refuse_a_bad_host(const tree& rows, const host_config& host, const std::string& prefix) {
  auto object = [&](const char* word, const std::string& what) {
    if (const auto* found = rows.find(prefix + word))
      throw complaint{found->value.Mark(), prefix + word + ": " + what};
  };
  if (host.scheme != "https" && host.scheme != "http")
    object("scheme", "'" + host.scheme + "' is none of: https, http");
  if (host.host.find('@') != std::string::npos) // Not quoted: a password may stand before it.
    object("host", "a user and '@' have no place here; a proxy's user is proxy.username");
  if (auto at = host.host.find("://"); at != std::string::npos)
    object("host", "'" + host.host +
                       "' is an address with a scheme; write the name alone, and the scheme as "
                       "'scheme: " +
                       host.host.substr(0, at) + "'");
  if (host.host.find_first_of("/ \t\r\n") != std::string::npos)
    object("host", "'" + host.host + "' is not the name of a host; a path goes into context");
  // Two colons and more: an IPv6 address.
  if (auto at = host.host.find(':'); at != std::string::npos && at == host.host.rfind(':'))
    object("host", "'" + host.host +
                       "' names a port; write it as 'port: " + host.host.substr(at + 1) + "'");
  if (host.proxy.host.find_first_of("/@ \t\r\n") != std::string::npos)
    object("proxy.host", "write the name alone; port, username and password are keys of their own");
  if (auto at = host.proxy.host.find(':');
      at != std::string::npos && at == host.proxy.host.rfind(':'))
    object("proxy.host", "'" + host.proxy.host + "' names a port; write it as proxy.port: " +
                             host.proxy.host.substr(at + 1));
  if (!host.proxy.host.empty() && host.proxy.port == 0)
    object("proxy.host", "proxy.port is missing");
  if (host.proxy.username.find(':') != std::string::npos)
    object("proxy.username", "a ':' cannot be part of it (RFC 7617)");
  if (host.context.find_first_of(" ?#\t\r\n") != std::string::npos)
    object("context", "'" + host.context + "' is not a path such as /gateway");
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
  std::string lower;
  for (unsigned char c : name)
    lower += static_cast<char>(std::tolower(c));
  for (const auto* own :
       {"host", "content-length", "content-type", "transfer-encoding", "connection",
        "accept-encoding", "sessiontoken", "keymanagertoken", "authorization",
        "proxy-authorization", "x-trace-id", "expect", "upgrade"})
    if (lower == own)
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

/// Calls `visit(word, value, place)` for each row of a map of single values.
template <class Visit>
void each_of_map(const tree& rows, const std::string& key, const char* example, Visit&& visit) {
  const auto* found = rows.find(key);
  if (!found)
    return;
  if (!found->value.IsMap())
    throw complaint{found->value.Mark(), key + ": a map is expected, e.g. " + example};
  for (const auto& row : found->value) {
    auto word = row.first.Scalar();
    auto path = key + ".";
    path += word;
    if (!row.second.IsScalar())
      throw complaint{row.second.Mark(), path + ": a single value is expected"};
    std::string wrong;
    visit(word, value_of(path, row.second), wrong);
    if (!wrong.empty())
      throw complaint{row.second.Mark(), path.append(": ").append(wrong)};
  }
}

void read_headers(const tree& rows, host_config& host, const std::string& prefix) {
  if (rows.find(prefix + "defaultHeaders"))
    host.default_headers.clear();
  each_of_map(rows, prefix + "defaultHeaders", "{X-Desk: fx-bot}",
              [&](const std::string& name, const std::string& value, std::string& wrong) {
                wrong = flaw_of_header(name, value);
                host.default_headers[name] = value;
              });
}

void read_hosts(const tree& rows, config& made) {
  auto take_field = [&](const std::string& key, auto& member, std::string_view) {
    take(rows, key, member);
  };
  auto read_one = [&](host_config& host, const std::string& prefix) {
    for (const auto* word : {"host", "port", "username", "password"})
      if (rows.find(prefix + "proxy." + word)) // Whole, as in the kits.
        host.proxy = {};
    host_fields(take_field, host, prefix);
    refuse_a_bad_host(rows, host, prefix);
    read_headers(rows, host, prefix);
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

// -- what is no single value ----------------------------------------------------

void read_levels(const tree& rows, config& made) {
  each_of_map(rows, "log.levels", "{http: debug}",
              [&](const std::string& component, const std::string& value, std::string& wrong) {
                read(value, made.log.levels[component], wrong);
              });
}

std::string place_of(const std::string& name, const YAML::Mark& mark) {
  return name + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": ";
}

/// What stands under the plugins, whose keys only they know.
class plugin_settings {
public:
  explicit plugin_settings(const std::string& file) : file_(file) {}

  setting_map read(const YAML::Node& map) {
    setting_map made;
    read_map("", map, made, 1);
    return made;
  }

private:
  void read_map(const std::string& path, const YAML::Node& map, setting_map& into, int depth) {
    std::set<std::string> seen;
    for (const auto& row : map) {
      auto key = path + row.first.Scalar();
      if (!seen.insert(row.first.Scalar()).second)
        throw complaint{row.first.Mark(), "plugins: " + key + ": given twice"};
      bound(key, row.first, depth);
      if (row.second.IsNull())
        continue; // As everywhere: nothing given, the default stays.
      if (row.second.IsMap())
        read_map(key + ".", row.second, into, depth + 1);
      else
        into[key] = read_value("plugins: " + key, row.second, depth + 1);
    }
  }

  /// Single, or a list of such.
  setting read_value(const std::string& key, const YAML::Node& node, int depth) {
    bound(key, node, depth);
    auto place = place_of(file_, node.Mark());
    if (node.IsScalar())
      return {value_of(key, node), place};
    if (!node.IsSequence())
      throw complaint{node.Mark(), key + ": a single value or a list is expected"};
    std::vector<setting> items;
    for (const auto& each : node)
      items.push_back(read_value(key, each, depth + 1));
    return {std::move(items), place};
  }

  /// An alias (`*name`) may name what holds it, or make millions of a few lines.
  void bound(const std::string& key, const YAML::Node& node, int depth) {
    constexpr int deepest = 16;
    constexpr std::size_t most = 1'000'000;
    taken_ += 100 + key.size() + (node.IsScalar() ? node.Scalar().size() : 0);
    if (depth > deepest || taken_ > most)
      throw complaint{node.Mark(),
                      key + ": too much under plugins (a megabyte, " + std::to_string(deepest) +
                          " levels); does an alias (*name) multiply, or name what holds it?"};
  }

  const std::string& file_;
  /// Bytes, roughly.
  std::size_t taken_ = 0;
};

void read_plugins(const tree& rows, config& made, const std::string& file) {
  const auto* found = rows.find("plugins");
  if (!found)
    return;
  plugin_settings settings{file};
  for (const auto& node : found->value) {
    if (!node.IsMap() || (!node["name"] && !node["path"]))
      throw complaint{node.Mark(), "plugins: each entry needs a name, e.g. '- name: echo', or the "
                                   "path of a shared object"};
    plugin_config plugin;
    plugin.place = place_of(file, node.Mark());
    plugin.settings = settings.read(node);
    for (auto [word, member] : {std::pair{"name", &plugin.name}, {"path", &plugin.path}})
      if (auto row = plugin.settings.find(word); row != plugin.settings.end()) {
        *member = row->second.text();
        plugin.settings.erase(row);
      }
    made.plugins.push_back(std::move(plugin));
  }
}

config read_config(const YAML::Node& root, const std::string& name) {
  static const auto known = all_keys();
  config made;
  auto rows = tree{root, known};
  read_hosts(rows, made);
  fields([&](const std::string& key, auto& member, std::string_view) { take(rows, key, member); },
         made);
  for (auto [old_key, key] : aliases)
    if (rows.find(std::string{old_key}))
      fields(
          [&, name = std::string{old_key}, meant = key](const std::string& each, auto& member,
                                                        std::string_view) {
            if (each == meant)
              take(rows, name, member);
          },
          made);
  read_levels(rows, made);
  read_plugins(rows, made, name);
  std::set<std::string> idle;
  each_idle_key([&](const std::string& key, shape) { idle.insert(key); });
  for (const auto& [key, row] : rows.rows())
    if (idle.contains(key)) {
      if (row.value.IsScalar())
        value_of(key, row.value); // An unset variable is told today, not when the key gets effect.
      made.without_effect.push_back(key);
    }
  for (const auto& [word, key, certificate] :
       {std::tuple{"bot", made.bot.private_key, made.bot.certificate},
        {"app", made.app.private_key, made.app.certificate}})
    if (key.given() && certificate.given()) // As in the Python kit; the Java kit refuses it.
      made.without_effect.push_back(std::string{word} + ".certificate (privateKey is used)");
  return made;
}

/// What people can read: the beginning, and the way out at the end.
std::string in_short(const std::string& what) {
  constexpr std::size_t head = 600;
  constexpr std::size_t tail = 300;
  if (what.size() <= head + tail)
    return what;
  return what.substr(0, head) + " ... " + what.substr(what.size() - tail);
}

failure misconfigured(const std::string& name, const YAML::Mark& place, const std::string& what) {
  auto where = name;
  if (!place.is_null())
    where += ":" + std::to_string(place.line + 1) + ":" + std::to_string(place.column + 1);
  return {errc::misconfigured, where + ": " + in_short(what), 0, {}};
}

/// What usually lies behind a parser's complaint.
std::string hint(const std::string& text, const YAML::Mark& mark) {
  if (text.find('\t') != text.npos)
    return "; is it a tab? YAML is indented with spaces";
  if (mark.is_null())
    return {};
  return " (this is not YAML: look for a missing colon, quote or bracket and at the indent, here "
         "or "
         "above)";
}

} // namespace

result<config> load(const std::string& path) {
  errno = 0;
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return misconfigured(
        path.empty() ? "''" : path, YAML::Mark::null_mark(),
        "cannot be read (" + (errno ? std::generic_category().message(errno) : "it is empty") +
            "); give the path of the bot's configuration (tutti config reference shows every key)");
  return parse(text.str(), path);
}

namespace {

/// `~/` is the home folder, as in a shell.
void expand_home(std::string& path) {
  if (const auto* home = std::getenv("HOME"); home && *home && path.starts_with("~/"))
    path.replace(0, 1, home);
}

void expand_homes(config& made) {
  for (auto* each : {&made.bot.private_key.path, &made.bot.certificate.path,
                     &made.app.private_key.path, &made.app.certificate.path,
                     &made.tls.trust_store_path, &made.tls.crl, &made.im.directory.path})
    expand_home(*each);
  for (auto& each : made.plugins)
    expand_home(each.path);
}

} // namespace

result<config> parse(const std::string& text, const std::string& name) {
  try {
    auto made = read_config(YAML::Load(text), name);
    made.origin = name;
    expand_homes(made);
    return made;
  } catch (const complaint& why) {
    return misconfigured(name, why.place, why.what);
  } catch (const YAML::Exception& error) {
    return misconfigured(name, error.mark, error.msg + hint(text, error.mark));
  }
}

} // namespace tutti::config_file
