// Templates in messages (FreeMarker), as far as they only name values of the entity data.
#pragma once

#include <wire/messageml/fault.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace tutti::messageml {

/// Whether the agent would run the message as a template.
bool is_template(std::string_view message);

/// The message with its values. A fault for directives, for what is more than a name, and for a
/// name without a value: those are not emulated.
std::variant<std::string, fault> expand(std::string_view message,
                                        const boost::json::object& entities);

} // namespace tutti::messageml
