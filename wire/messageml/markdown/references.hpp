// Resolves the character references of HTML that Markdown may hold.
#pragma once

#include <string>
#include <string_view>

namespace tutti::messageml {

/// What `&amp;`, `&#38;` or `&#x26;` stands for. Names beyond those of XML and `nbsp` stay as they
/// are written.
std::string resolved(std::string_view reference);

} // namespace tutti::messageml
