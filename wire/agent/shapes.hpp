// Reads users, streams and messages as the agent's JSON has them (schemas V4User, V4Stream,
// V4Message).
#pragma once

#include <wire/json.hpp>

#include <tutti/message.hpp>

namespace tutti::wire {

user_info read_user_info(simdjson::ondemand::object& from);
message_stream read_message_stream(simdjson::ondemand::object& from);
/// What is missing stays empty: an event that the agent could not read has little.
message read_message(simdjson::ondemand::object& from);

} // namespace tutti::wire
