// Messages that are said later: timers of the journal.
#pragma once

#include <tutti/event.hpp>
#include <tutti/outgoing_message.hpp>
#include <tutti/store.hpp>

#include <chrono>
#include <string_view>

namespace tutti {

/// `number`: of what is said to this event. Throws std::logic_error for one with attachments.
stored_timer reminder_of(const event& said_to, int number, std::chrono::system_clock::time_point at,
                         const outgoing_message& what);
/// Whether a timer of this id is one.
bool is_reminder(std::string_view timer_id) noexcept;
/// What is to be said, of the payload.
outgoing_message reminded(std::string_view payload);

} // namespace tutti
