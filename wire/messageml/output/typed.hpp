// The form in which the client of a person writes a message.
#pragma once

#include <wire/messageml/grammar/tree.hpp>

namespace tutti::messageml {

/// Gives entities the keys `0`, `1` and so on, wraps lines in paragraphs and marks the document:
/// that is how the documentation of Symphony shows messages that people typed.
void as_typed(document& message);

} // namespace tutti::messageml
