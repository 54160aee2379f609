// journal: keeps events until they have ended; the store of the bot as an actor.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/store.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Ask: what the journal held when it was opened, which the first of these does; answered by
/// `journal_contents`. Before any other message. Errors of all: see `event_store`.
struct open_journal {};

/// Ask: keep events and the feed's position; answered by `append_outcome`.
struct append_events {
  feed_position at;
  std::vector<new_event> events;
};

/// Ask: events that have not ended, with numbers above `after`.
struct fetch_events {
  std::uint64_t after = 0;
  std::size_t limit = 1'000;
};
/// Answer: they, in order.
struct events_fetched {
  std::vector<stored_event> events;
};

/// Ask: these have ended.
struct end_events {
  std::vector<event_end> ended;
};
/// Answer: that is kept.
struct events_ended {};

/// Ask: timers that are due by then become events.
struct fire_timers {
  std::chrono::system_clock::time_point by{};
  std::size_t limit = 100;
};

/// Ask: what is kept under a scope (see `state_change`).
struct read_stored_state {
  std::string scope;
};
/// Answer: by name.
struct stored_state_read {
  std::vector<std::pair<std::string, std::string>> values;
};

/// Ask: the newest dead letters.
struct list_dead_letters {
  std::size_t limit = 100;
};
/// Answer: they, the oldest first.
struct dead_letters_listed {
  std::vector<dead_letter> letters;
};

/// Handle of the journal actor.
using journal_actor =
    caf::typed_actor<caf::replies_to<open_journal>::with<journal_contents>,
                     caf::replies_to<append_events>::with<append_outcome>,
                     caf::replies_to<fetch_events>::with<events_fetched>,
                     caf::replies_to<end_events>::with<events_ended>,
                     caf::replies_to<fire_timers>::with<timers_fired>,
                     caf::replies_to<read_stored_state>::with<stored_state_read>,
                     caf::replies_to<list_dead_letters>::with<dead_letters_listed>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::open_journal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::journal_contents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::append_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::append_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::fetch_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::events_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::end_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::events_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_dead_letters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::dead_letters_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::fire_timers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::timers_fired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::read_stored_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::stored_state_read)
