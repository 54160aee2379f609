// Asks the validator on behalf of the builder.
#pragma once

#include <wire/messageml/messageml.hpp>

#include <string>

namespace tutti::messageml {

/// Throws `build_error` for the first fault of a message.
prepared checked(const std::string& messageml);

} // namespace tutti::messageml
