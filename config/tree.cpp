// Walks the document along the known keys.
#include <config/tree.hpp>

#include <config/nearest.hpp>

#include <algorithm>

namespace tutti::config_file {

namespace {

std::string joined(const std::string& map, const std::string& word) {
  return map.empty() ? word : map + "." + word;
}

} // namespace

// -- the keys there are -------------------------------------------------------

void known_keys::add(const std::string& key, shape what, bool idle) {
  keys_.emplace(key, what);
  if (idle)
    idle_.insert(key);
}

const shape* known_keys::find(const std::string& key) const {
  auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

std::vector<std::string> known_keys::children(const std::string& map) const {
  std::set<std::string> words;
  auto prefix = map.empty() ? "" : map + ".";
  for (auto at = keys_.lower_bound(prefix); at != keys_.end() && at->first.starts_with(prefix);
       ++at) {
    auto rest = at->first.substr(prefix.size());
    words.insert(rest.substr(0, rest.find('.')));
  }
  return {words.begin(), words.end()};
}

std::string known_keys::advice(const std::string& map, const std::string& word) const {
  auto here = children(map);
  if (auto meant = nearest(word, here))
    return "unknown key; did you mean " + joined(map, *meant) + "?";
  // The right word in the wrong map.
  std::string meant;
  auto depth = [](const std::string& key) { return std::count(key.begin(), key.end(), '.'); };
  for (const auto& [key, what] : keys_)
    if (key.ends_with("." + word) && !idle_.contains(key) &&
        (meant.empty() || depth(key) < depth(meant)))
      meant = key;
  if (!meant.empty())
    return "unknown key; did you mean " + meant + "?";
  std::string all;
  for (const auto& each : here)
    if (!each.starts_with('_'))
      all += (all.empty() ? "" : ", ") + each;
  return "unknown key; known " + (map.empty() ? std::string{"here"} : "under " + map) +
         " are: " + all;
}

// -- the document -------------------------------------------------------------

tree::tree(const YAML::Node& root, const known_keys& known) {
  if (!root.IsMap())
    throw complaint{root.Mark(), "a map of keys is expected, e.g. 'host: mybank.symphony.com'"};
  collect("", root, known);
}

void tree::collect(const std::string& path, const YAML::Node& map, const known_keys& known) {
  std::set<std::string> seen;
  for (const auto& each : map) {
    const auto& word = each.first.Scalar();
    const auto& value = each.second;
    auto key = joined(path, word);
    if (!seen.insert(word).second)
      throw complaint{each.first.Mark(), key + ": given twice"};
    const auto* what = known.find(key);
    if (!what && !known.is_map(key))
      throw complaint{each.first.Mark(), key + ": " + known.advice(path, word)};
    if (value.IsNull())
      continue; // `key:` with nothing behind it keeps the default.
    if (!what) {
      if (!value.IsMap())
        throw complaint{value.Mark(),
                        key + ": a map of keys is expected, indented on the lines below"};
      collect(key, value, known);
      continue;
    }
    if (*what == shape::value && !value.IsScalar())
      throw complaint{value.Mark(), key + ": a single value is expected, not a " +
                                        (value.IsMap() ? "map" : "list")};
    if (*what == shape::list && !value.IsSequence())
      throw complaint{value.Mark(), key + ": a list is expected, e.g. [a, b]"};
    index_[key] = rows_.size();
    rows_.emplace_back(key, row{each.first.Mark(), value});
  }
}

const tree::row* tree::find(const std::string& key) const {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : &rows_[found->second].second;
}

} // namespace tutti::config_file
