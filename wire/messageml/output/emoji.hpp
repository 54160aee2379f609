// Emoji by their short names.
#pragma once

#include <string>
#include <string_view>

namespace tutti::messageml {

/// The characters of `smiley` and the like, in UTF-8; empty for a name that is not known.
std::string emoji_of(std::string_view name);

} // namespace tutti::messageml
