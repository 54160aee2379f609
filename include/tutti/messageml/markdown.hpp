// Makes Markdown, as people and language models write it, part of a message.
#pragma once

#include <tutti/messageml/part.hpp>

namespace tutti::messageml {

/// Bold, italic, struck out, links, headings, lists, quotes, code and tables of CommonMark (with
/// GitHub's tables). The text is never trusted: HTML in it is shown as text, a link leads to
/// `http`, `https` or `mailto` only (another address is shown behind its text), an image becomes a
/// link. A line feed is a break, numbered lists begin at 1. Any text is accepted but one that
/// is too large for a message, which throws `build_error`.
TUTTI_API content markdown(std::string_view text);

} // namespace tutti::messageml
