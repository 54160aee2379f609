// YAML in, struct config out; every complaint names file, line, column and key.
#include <tutti/config_file.hpp>

#include <config/expand.hpp>
#include <config/fields.hpp>

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cstdlib>
#include <ios>
#include <map>
#include <set>

namespace tutti::config_file {

namespace {

/// Ends the reading; becomes a failure in `parse`.
struct complaint {
  YAML::Mark place;
  std::string what;
};

std::optional<std::string> getenv_of(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

// -- values -------------------------------------------------------------------

void read(const std::string& text, std::string& into, std::string&) {
  into = text;
}

template <class Number>
  requires std::is_integral_v<Number>
void read(const std::string& text, Number& into, std::string& wrong) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (error != std::errc{} || end != text.data() + text.size())
    wrong = "'" + text + "' is not a whole number in range";
}

void read(const std::string& text, std::chrono::milliseconds& into, std::string& wrong) {
  static const std::map<std::string, std::int64_t> units{
      {"", 1}, {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  std::int64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  auto unit = units.find(std::string{end, text.data() + text.size()});
  constexpr auto longest = std::chrono::milliseconds{std::chrono::years{100}}.count();
  if (error != std::errc{} || unit == units.end() || amount < 0 || amount > longest / unit->second)
    wrong = "'" + text + "' is not a duration; write milliseconds, or a number with ms, s, m or h";
  else
    into = std::chrono::milliseconds{amount * unit->second};
}

template <class Enum>
void read_word(const std::string& text, Enum& into, std::string& wrong,
               std::initializer_list<std::pair<const char*, Enum>> words) {
  std::string known;
  for (const auto& [word, value] : words) {
    if (text == word) {
      into = value;
      return;
    }
    known += known.empty() ? word : std::string{", "} + word;
  }
  wrong = "'" + text + "' is none of: " + known;
}

void read(const std::string& text, multi_party& into, std::string& wrong) {
  read_word(text, into, wrong, {{"refuse", multi_party::refuse}, {"allow", multi_party::allow}});
}

void read(const std::string& text, log_level& into, std::string& wrong) {
  read_word(text, into, wrong,
            {{"trace", log_level::trace},
             {"debug", log_level::debug},
             {"info", log_level::info},
             {"warn", log_level::warn},
             {"error", log_level::error},
             {"off", log_level::off}});
}

// -- the tree -------------------------------------------------------------------

/// Scalars of a map by their dotted path.
class scalars {
public:
  explicit scalars(const YAML::Node& root) {
    for (const auto& row : root)
      if (row.first.Scalar() != "plugins")
        collect(row.first.Scalar(), row.first, row.second);
  }

  template <class T>
  void take(const std::string& key, T& into) {
    auto found = rows_.find(key);
    if (found == rows_.end())
      return;
    taken_.insert(key);
    std::string wrong;
    read(value_of(key, found->second), into, wrong);
    if (!wrong.empty())
      throw complaint{found->second.Mark(), key + ": " + wrong};
  }

  void refuse_the_rest() const {
    for (const auto& [key, node] : rows_)
      if (!taken_.contains(key))
        throw complaint{places_.at(key), key + ": unknown key"};
  }

  static std::string value_of(const std::string& key, const YAML::Node& node) {
    auto value = expand(node.Scalar(), getenv_of);
    if (!value.error.empty())
      throw complaint{node.Mark(), key + ": " + value.error};
    return value.text;
  }

private:
  void collect(const std::string& path, const YAML::Node& key, const YAML::Node& value) {
    if (value.IsSequence())
      throw complaint{value.Mark(), path + ": a list has no place here"};
    if (value.IsMap()) {
      for (const auto& row : value)
        collect(path + "." + row.first.Scalar(), row.first, row.second);
      return;
    }
    if (value.IsNull())
      return; // `key:` with nothing behind it keeps the default.
    if (!rows_.emplace(path, value).second)
      throw complaint{key.Mark(), path + ": given twice"};
    places_.emplace(path, key.Mark());
  }

  std::map<std::string, YAML::Node> rows_;
  std::map<std::string, YAML::Mark> places_;
  std::set<std::string> taken_;
};

std::vector<plugin_config> read_plugins(const YAML::Node& list) {
  std::vector<plugin_config> plugins;
  if (!list || list.IsNull())
    return plugins;
  if (!list.IsSequence())
    throw complaint{list.Mark(), "plugins: a list is expected, e.g. '- name: echo'"};
  for (const auto& node : list) {
    if (!node.IsMap() || !node["name"])
      throw complaint{node.Mark(), "plugins: each entry needs a name, e.g. '- name: echo'"};
    plugin_config made;
    for (const auto& row : node) {
      auto key = row.first.Scalar();
      if (!row.second.IsScalar())
        throw complaint{row.second.Mark(), "plugins: " + key + ": a single value is expected"};
      auto value = scalars::value_of("plugins: " + key, row.second);
      if (key == "name")
        made.name = value;
      else
        made.settings[key] = value;
    }
    plugins.push_back(std::move(made));
  }
  return plugins;
}

config read_config(const YAML::Node& root) {
  if (!root.IsMap())
    throw complaint{root.Mark(), "a map of keys is expected, e.g. 'host: mybank.symphony.com'"};
  config made;
  auto rows = scalars{root};
  auto take = [&](const std::string& key, auto& member, std::string_view) {
    rows.take(key, member);
  };
  host_config whole;
  host_fields(take, whole, "");
  made.hosts.fill(whole);
  host_fields(take, made.host_of(service::pod), "pod.");
  host_fields(take, made.host_of(service::agent), "agent.");
  host_fields(take, made.host_of(service::key_manager), "keyManager.");
  host_fields(take, made.host_of(service::session_auth), "sessionAuth.");
  fields(take, made);
  made.plugins = read_plugins(root["plugins"]);
  rows.refuse_the_rest();
  return made;
}

failure misconfigured(const std::string& name, const YAML::Mark& place, const std::string& what) {
  auto where = name;
  if (!place.is_null())
    where += ":" + std::to_string(place.line + 1) + ":" + std::to_string(place.column + 1);
  return {errc::misconfigured, where + ": " + what, 0, {}};
}

template <class Load>
result<config> guarded(const std::string& name, Load&& load) {
  try {
    return read_config(load());
  } catch (const complaint& why) {
    return misconfigured(name, why.place, why.what);
  } catch (const std::ios_base::failure&) { // A folder, say.
    return misconfigured(name, YAML::Mark::null_mark(),
                         "cannot be read as a file; give the path of the bot's configuration");
  } catch (const YAML::BadFile&) {
    return misconfigured(name, YAML::Mark::null_mark(),
                         "the file cannot be read; give the path of the bot's configuration");
  } catch (const YAML::Exception& error) {
    return misconfigured(name, error.mark, error.msg);
  }
}

} // namespace

result<config> load(const std::string& path) {
  return guarded(path, [&] { return YAML::LoadFile(path); });
}

result<config> parse(const std::string& text, const std::string& name) {
  return guarded(name, [&] { return YAML::Load(text); });
}

} // namespace tutti::config_file
