// Limits how much it reads: YAML aliases may multiply the settings.
#include <config/plugin_keys.hpp>

#include <config/merge_keys.hpp>

#include <set>
#include <utility>

namespace tutti::config_file {

namespace {

/// Reads the settings of the plugins; only the plugins know their keys.
class plugin_settings {
public:
  explicit plugin_settings(reading& in) : in_(in) {}

  setting_map read(const YAML::Node& map) {
    setting_map made;
    read_map("", map, made, 1);
    return made;
  }

  /// That has been noted; what follows is not read.
  bool too_much() const { return too_much_; }

private:
  void read_map(const std::string& path, const YAML::Node& map, setting_map& into, int depth) {
    std::set<std::string> seen;
    for (const auto& row : rows_of(map)) {
      if (too_much_) // The first complaint is enough.
        return;
      in_.attempt([&] {
        const auto& [name, value] = row;
        auto key = path + name.Scalar();
        if (!seen.insert(name.Scalar()).second)
          throw complaint{name.Mark(), "plugins: " + key + ": given twice"};
        bound(key, name, depth);
        if (value.IsNull())
          return; // As everywhere: nothing given, the default stays.
        if (value.IsMap())
          read_map(key + ".", value, into, depth + 1);
        else
          into[key] = read_value("plugins: " + key, value, depth + 1);
      });
    }
  }

  /// Single, or a list of such.
  setting read_value(const std::string& key, const YAML::Node& node, int depth) {
    bound(key, node, depth);
    auto place = in_.place_of(node.Mark());
    if (node.IsScalar())
      return {in_.value_of(key, node), place};
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
    too_much_ = too_much_ || depth > deepest || taken_ > most;
    if (too_much_)
      throw complaint{node.Mark(),
                      key + ": too much under plugins (a megabyte, " + std::to_string(deepest) +
                          " levels); does an alias (*name) multiply, or name what holds it?"};
  }

  reading& in_;
  /// Bytes, roughly.
  std::size_t taken_ = 0;
  bool too_much_ = false;
};

} // namespace

void read_plugins(reading& in, const tree& rows, config& made) {
  const auto* found = rows.find("plugins");
  if (!found)
    return;
  plugin_settings settings{in};
  for (const auto& node : found->value)
    in.attempt([&] {
      plugin_config plugin;
      plugin.place = in.place_of(node.Mark());
      const auto before = in.complaints.size();
      if (node.IsMap())
        plugin.settings = settings.read(node);
      if (in.complaints.size() > before || settings.too_much())
        return;
      if (!plugin.settings.contains("name") && !plugin.settings.contains("path"))
        throw complaint{node.Mark(), "plugins: each entry needs a name, e.g. '- name: echo', or "
                                     "the path of a shared object"};
      for (auto [word, member] : {std::pair{"name", &plugin.name}, {"path", &plugin.path}})
        if (auto row = plugin.settings.find(word); row != plugin.settings.end()) {
          *member = row->second.text();
          plugin.settings.erase(row);
        }
      if (looks_like_a_secret(plugin.path))
        throw complaint{node.Mark(), std::string{"plugins: path: "} + secret_instead_of_a_path};
      made.plugins.push_back(std::move(plugin));
    });
}

} // namespace tutti::config_file
