// What the bot says and replaces by itself, with marks that are not those of handlers.
#pragma once

#include <tutti/chat.hpp>

#include <string>

namespace tutti {

/// Says something where the event happened. `mark`: the same in every process that handles it, and
/// no other message of the event has it. Throws `request_failed`.
task<message> say_marked(chat& where, std::string mark, outgoing_message what);

/// Replaces a message of the bot by a text. One that the agent does not let it replace, such as one
/// that was suppressed, stays as it is.
task<> replace_marked(chat& where, std::string mark, std::string message_id, std::string text);

} // namespace tutti
