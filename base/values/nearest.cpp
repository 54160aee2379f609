// Edit distance with swaps of neighbours.
#include <base/values/nearest.hpp>

#include <algorithm>
#include <cctype>

namespace tutti {

namespace {

/// Two points an edit, one for a difference in case.
std::size_t replacing(char one, char other) {
  if (one == other)
    return 0;
  auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return lower(one) == lower(other) ? 1 : 2;
}

std::size_t distance(const std::string& from, const std::string& to) {
  std::vector<std::vector<std::size_t>> cost(from.size() + 1,
                                             std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i)
    cost[i][0] = 2 * i;
  for (std::size_t j = 0; j <= to.size(); ++j)
    cost[0][j] = 2 * j;
  for (std::size_t i = 1; i <= from.size(); ++i)
    for (std::size_t j = 1; j <= to.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 2, cost[i][j - 1] + 2,
                             cost[i - 1][j - 1] + replacing(from[i - 1], to[j - 1])});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 2);
    }
  return cost[from.size()][to.size()];
}

} // namespace

std::optional<std::string> nearest(const std::string& word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t least = 0;
  for (const auto& each : candidates) {
    auto edits = distance(word, each);
    // A third of the letters may be wrong.
    if (3 * edits <= 2 * std::max(word.size(), each.size()) && (!best || edits < least)) {
      best = each;
      least = edits;
    }
  }
  return best;
}

} // namespace tutti
