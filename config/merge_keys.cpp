// The first map that has a key wins, as YAML's type repository says.
#include <config/merge_keys.hpp>

#include <config/tree.hpp>

#include <set>
#include <string>

namespace tutti::config_file {

namespace {

constexpr const char* merge = "<<";

using row = std::pair<YAML::Node, YAML::Node>;

/// An alias may name what holds it, or make millions of a few lines.
constexpr int deepest = 16;
constexpr std::size_t most_rows = 20'000;

class merger {
public:
  std::vector<row> run(const YAML::Node& map) {
    std::set<std::string> own;
    for (const auto& each : map)
      if (each.first.Scalar() != merge) {
        rows_.emplace_back(each.first, each.second);
        own.insert(each.first.Scalar());
      }
    taken_ = std::move(own);
    take_merged(map, 0);
    return std::move(rows_);
  }

private:
  /// The rows `<<` of that map takes over.
  void take_merged(const YAML::Node& map, int depth) {
    for (const auto& each : map) {
      if (each.first.Scalar() != merge)
        continue;
      if (depth == deepest || seen_ > most_rows)
        throw complaint{each.first.Mark(),
                        "<<: too much is merged; does an alias (*name) name what holds it?"};
      if (each.second.IsMap())
        take(each.second, depth);
      else if (each.second.IsSequence())
        for (const auto& one : each.second)
          take(one, depth);
      else
        refuse(each.second);
    }
  }

  void take(const YAML::Node& map, int depth) {
    if (!map.IsMap())
      refuse(map);
    seen_ += 1 + map.size();
    for (const auto& each : map)
      if (each.first.Scalar() != merge && taken_.insert(each.first.Scalar()).second)
        rows_.emplace_back(each.first, each.second);
    take_merged(map, depth + 1);
  }

  [[noreturn]] static void refuse(const YAML::Node& what) {
    throw complaint{what.Mark(), "<<: a map is expected, e.g. <<: *name, with &name behind the key "
                                 "of a map above"};
  }

  std::vector<row> rows_;
  /// Maps and rows so far.
  std::size_t seen_ = 0;
  std::set<std::string> taken_;
};

} // namespace

std::vector<row> rows_of(const YAML::Node& map) {
  return merger{}.run(map);
}

} // namespace tutti::config_file
