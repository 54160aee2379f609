// Joins several failures into one, for people who fix a configuration.
#pragma once

#include <tutti/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace tutti {

/// Kind and code of the first, and a line for each: ten at most, then how many there are more.
/// There must be one.
inline failure joined(const std::vector<failure>& all) {
  constexpr std::size_t most = 10;
  auto made = all.front();
  for (std::size_t at = 1; at < all.size() && at < most; ++at)
    made.detail.append("\n").append(all[at].detail);
  if (all.size() > most)
    made.detail.append("\nand ").append(std::to_string(all.size() - most)).append(" more");
  return made;
}

} // namespace tutti
