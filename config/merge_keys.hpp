// The rows of a YAML map, with those that `<<` takes over from other maps.
#pragma once

#include <yaml-cpp/yaml.h>

#include <utility>
#include <vector>

namespace tutti::config_file {

/// Key and value of each row: first the map's own rows, in order (a key given twice has two rows),
/// then those rows of the maps under `<<` whose keys the map itself does not have. yaml-cpp knows
/// no merge keys (https://yaml.org/type/merge.html). Throws `complaint` for a `<<` that names no
/// map.
std::vector<std::pair<YAML::Node, YAML::Node>> rows_of(const YAML::Node& map);

} // namespace tutti::config_file
