// Which known word a misspelt one was probably meant to be.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tutti {

/// The candidate with the fewest edits (insert, delete, replace, swap of neighbours; case counts
/// half), when these are few for its length.
std::optional<std::string> nearest(const std::string& word,
                                   const std::vector<std::string>& candidates);

} // namespace tutti
