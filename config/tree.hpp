// A YAML document against the keys there are.
#pragma once

#include <config/fields.hpp>

#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tutti::config_file {

/// What is wrong with one value; becomes a part of the failure of `parse`.
struct complaint {
  YAML::Mark place;
  std::string what;
};

/// The keys there are, by their dotted path.
class known_keys {
public:
  /// `idle`: without effect, and therefore rarely meant.
  void add(const std::string& key, shape what = shape::value, bool idle = false);

  /// null for a key that is none, or holds others.
  const shape* find(const std::string& key) const;
  bool is_map(const std::string& key) const { return !children(key).empty(); }
  /// A key of that map, or a map of keys.
  bool has(const std::string& key) const { return find(key) || is_map(key); }

  /// The way out for a key that is none.
  std::string advice(const std::string& map, const std::string& word) const;

private:
  std::vector<std::string> children(const std::string& map) const;

  std::map<std::string, shape> keys_;
  std::set<std::string> idle_;
};

/// The content of a document, checked against the known keys.
class tree {
public:
  /// One key that was given a value.
  struct row {
    YAML::Mark key_place;
    YAML::Node value;
  };

  /// What does not fit is left out and noted in `wrong`.
  tree(const YAML::Node& root, const known_keys& known, std::vector<complaint>& wrong);

  /// null when the key was not given, or given nothing: the default stays.
  const row* find(const std::string& key) const;
  /// Single values, `${...}` not yet replaced, in the order of the document.
  const std::vector<std::pair<std::string, row>>& rows() const { return rows_; }

private:
  void collect(const std::string& path, const YAML::Node& map, const known_keys& known);
  void take(const std::string& key, const YAML::Node& name, const YAML::Node& value,
            const known_keys& known);

  std::vector<complaint>& wrong_;

  std::vector<std::pair<std::string, row>> rows_;
  std::map<std::string, std::size_t> index_;
};

} // namespace tutti::config_file
