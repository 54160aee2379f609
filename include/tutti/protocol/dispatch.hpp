// dispatch: hands events to the bot's handlers, in the order of each stream.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/event.hpp>
#include <tutti/store.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// What handling an event came to.
struct handling {
  /// What went wrong; nothing: it was handled.
  std::optional<failure> failed;
  /// What the handler leaves behind, kept with the end of the event: see `event_end`.
  std::vector<state_change> state{};
  std::vector<stored_timer> timers{};
  std::vector<std::string> timers_removed{};
};

/// What events are handed to; made by the bot from what its author has registered.
class event_listener {
public:
  virtual ~event_listener() = default;
  /// Called on the I/O loop: returns at once, and has `done` called once, from any thread, after
  /// the handler has ended.
  virtual void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) = 0;
  /// An event was given up after its last attempt.
  virtual void given_up(std::shared_ptr<const event> what, const failure& why) = 0;
  /// Timers that are to be there always; asked for when the core starts.
  virtual std::vector<stored_timer> standing_timers(std::chrono::system_clock::time_point /*now*/) {
    return {};
  }
  /// Timers to be set in the place of one whose event was given up.
  virtual std::vector<stored_timer> timers_after(const event& /*given_up*/,
                                                 std::chrono::system_clock::time_point /*now*/) {
    return {};
  }
};

/// Ask: hand out these events, which the journal has. Answered by `events_taken` once there is room
/// for more.
struct take_events {
  std::vector<stored_event> events;
};
/// Answer: send more.
struct events_taken {};

/// Ask: answered when these events, which it has just been given, have ended in the journal.
struct await_ended {
  std::vector<std::uint64_t> numbers;
};
/// Answer: they have.
struct all_ended {};

/// Ask: what is kept under a scope (see `state_change`), with all that handlers before have left.
struct read_state {
  std::string scope;
};
/// Answer: by name.
struct state_read {
  std::vector<std::pair<std::string, std::string>> values;
};

/// Ask: keep what a handler that goes on has left so far (see `event_end::goes_on`). Answered once
/// it survives.
struct keep_state {
  event_end what;
};
/// Answer: it does.
struct state_kept {};

/// Handle of the dispatch actor.
using dispatch_actor = caf::typed_actor<
    caf::replies_to<take_events>::with<events_taken>, caf::replies_to<await_ended>::with<all_ended>,
    caf::replies_to<read_state>::with<state_read>, caf::replies_to<keep_state>::with<state_kept>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::take_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::events_taken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::await_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::all_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::read_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::state_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::keep_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::state_kept)
