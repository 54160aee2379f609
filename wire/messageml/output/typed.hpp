// Turns a message into the form in which the client of a person writes it.
#pragma once

#include <wire/messageml/grammar/tree.hpp>

#include <functional>
#include <string>

namespace tutti::messageml {

/// Gives entities the keys `0`, `1` and so on, wraps lines in paragraphs and marks the document:
/// that is how the documentation of Symphony shows messages that people typed.
/// `taken`: the data has that key already.
void as_typed(document& message, const std::function<bool(const std::string&)>& taken);

} // namespace tutti::messageml
