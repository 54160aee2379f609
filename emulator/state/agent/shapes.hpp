// How users, streams and messages look in the agent's JSON.
#pragma once

#include <emulator/state/agent/messages.hpp>
#include <emulator/state/people/users.hpp>
#include <emulator/state/streams/streams.hpp>

#include <boost/json/object.hpp>

namespace tutti::emulator {

/// Schema V4User.
boost::json::object user_shape(const user& who);

/// Schema V4Stream, as events and messages have it.
boost::json::object stream_shape(const streams& all, const any_stream& one);

/// Schema V4Message. `arrives`: as an event brings it, with what the stored one lacks.
boost::json::object message_shape(const users& people, const streams& all, const message& one,
                                  bool arrives);

} // namespace tutti::emulator
