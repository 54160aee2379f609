// An event of the journal, as handlers see it.
#pragma once

#include <wire/agent/events.hpp>

#include <tutti/store.hpp>

namespace tutti {

inline event event_of_timer(const new_event& fired) {
  event made;
  made.kind = event_kind::timer_due;
  made.type = to_string(made.kind);
  made.id = timer_id_in(fired.key);
  const auto due =
      std::chrono::duration_cast<std::chrono::milliseconds>(fired.at.time_since_epoch());
  made.message_id = made.id + "@" + std::to_string(due.count());
  made.at = fired.at;
  if (auto stream = stream_id::make(fired.stream))
    made.stream.id = *stream;
  made.payload = fired.body;
  return made;
}

inline result<event> read_stored(const new_event& what) {
  if (what.kind == event_kind::timer_due)
    return event_of_timer(what);
  return wire::read_event(what.body);
}

} // namespace tutti
