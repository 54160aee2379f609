// From a checked tree to PresentationML, as the agent writes it: one line, nothing added between
// elements.
#pragma once

#include <wire/messageml/grammar/tree.hpp>

#include <functional>
#include <string>

namespace tutti::messageml {

/// `short_id` makes an id for each field with a label and for each dialog.
std::string write_presentation(const document& message,
                               const std::function<std::string()>& short_id);

/// The text of a message alone, as a person reads it.
std::string write_text(const document& message);

/// How a mention, a tag or an emoji reads.
std::string shown_text(const element& one);

/// `& < > "` as references.
std::string escaped(std::string_view text);

} // namespace tutti::messageml
