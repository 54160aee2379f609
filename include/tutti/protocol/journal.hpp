// journal: keeps events until they have ended; the store of the bot as an actor.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/store.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
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
