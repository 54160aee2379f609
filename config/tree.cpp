// Walks the document along the known keys.
#include <config/tree.hpp>

#include <base/values/nearest.hpp>
#include <config/merge_keys.hpp>

#include <algorithm>
#include <cctype>

namespace tutti::config_file {

namespace {

std::string joined(const std::string& map, const std::string& word) {
  return map.empty() ? word : map + "." + word;
}

/// `private-key` as `privateKey`: Spring Boot takes both.
std::string in_camel_case(const std::string& word) {
  std::string made;
  for (std::size_t at = 0; at < word.size(); ++at)
    if (word[at] == '-' && at + 1 < word.size())
      made += static_cast<char>(std::toupper(static_cast<unsigned char>(word[++at])));
    else
      made += word[at];
  return made;
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

tree::tree(const YAML::Node& root, const known_keys& known, std::vector<complaint>& wrong)
    : wrong_(wrong) {
  if (root.IsMap())
    collect("", root, known);
  else
    wrong_.push_back({root.Mark(), "a map of keys is expected, e.g. 'host: mybank.symphony.com'"});
}

void tree::collect(const std::string& path, const YAML::Node& map, const known_keys& known) {
  std::set<std::string> seen;
  std::vector<std::pair<YAML::Node, YAML::Node>> all;
  try {
    all = rows_of(map);
  } catch (const complaint& why) {
    wrong_.push_back(why);
  }
  for (const auto& [name, value] : all) {
    auto word = name.Scalar();
    if (!known.has(joined(path, word)) && known.has(joined(path, in_camel_case(word))))
      word = in_camel_case(word);
    auto key = joined(path, word);
    if (!seen.insert(word).second)
      wrong_.push_back({name.Mark(), key + ": given twice"});
    else if (path.empty() && word.starts_with("x-"))
      continue; // A holder of what others merge, as in other tools' files.
    else if (!known.has(key))
      wrong_.push_back({name.Mark(), key + ": " + known.advice(path, word)});
    else if (!value.IsNull()) // `key:` with nothing behind it keeps the default.
      take(key, name, value, known);
  }
}

void tree::take(const std::string& key, const YAML::Node& name, const YAML::Node& value,
                const known_keys& known) {
  const auto* what = known.find(key);
  if (!what) {
    if (value.IsMap())
      return collect(key, value, known);
    const auto file = known.find(key + ".path") != nullptr;
    wrong_.push_back({value.Mark(), key + (file ? ": a map is expected; a file is written as '" +
                                                      name.Scalar() + ": {path: FILE}'"
                                                : ": a map of keys is expected, indented on the "
                                                  "lines below")});
  } else if (*what == shape::value && !value.IsScalar()) {
    wrong_.push_back({value.Mark(), key + ": a single value is expected, not a " +
                                        (value.IsMap() ? "map" : "list")});
  } else if (*what == shape::list && !value.IsSequence()) {
    wrong_.push_back({value.Mark(), key + ": a list is expected, e.g. [a, b]"});
  } else {
    index_[key] = rows_.size();
    rows_.emplace_back(key, row{name.Mark(), value});
  }
}

const tree::row* tree::find(const std::string& key) const {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : &rows_[found->second].second;
}

} // namespace tutti::config_file
