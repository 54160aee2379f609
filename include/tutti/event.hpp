// What a bot hears: the 17 events of Symphony (schema V4Event), and what the journal knows of each.
#pragma once

#include <tutti/message.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

enum class event_kind : std::uint8_t {
  /// A message; an edit when it replaces another (`message::replacing`).
  message_sent,
  message_suppressed,
  /// A person has answered a form of the bot.
  form_replied,
  shared_post,
  im_created,
  room_created,
  room_updated,
  room_deactivated,
  room_reactivated,
  user_joined_room,
  user_left_room,
  promoted_to_owner,
  demoted_from_owner,
  asked_to_join_room,
  connection_requested,
  connection_accepted,
  generic_system_event,
  /// Not of Symphony: a timer of the bot (`stored_timer`), for reminders, schedules and dialogues.
  timer_due,
  /// One that this version does not know.
  other,
};

inline constexpr std::size_t event_kind_count = static_cast<std::size_t>(event_kind::other) + 1;

/// As it is written on the wire, e.g. `MESSAGESENT`; `OTHER`.
TUTTI_API std::string_view to_string(event_kind kind) noexcept;
/// As this enum spells it, e.g. `message_sent`.
TUTTI_API std::string_view name_of(event_kind kind) noexcept;
/// `other` for what is unknown.
TUTTI_API event_kind read_event_kind(std::string_view word) noexcept;

/// A person's answer to a form.
struct form_reply {
  /// The message that the form is in.
  std::string message_id{};
  std::string form_id{};
  /// The name of the button.
  std::string action{};
  /// The fields by name; boxes of one name and selections of several have several values.
  std::vector<std::pair<std::string, std::vector<std::string>>> values{};

  /// The first value; empty for none.
  TUTTI_API std::string_view value(std::string_view field) const noexcept;

  friend bool operator==(const form_reply&, const form_reply&) = default;
};

/// What is known of an event beside what it says.
struct event_marks {
  /// It came after a newer one of its stream had been handed out.
  bool late = false;
  /// It may have been handed out before: the bot ended before it was done.
  bool repeated = false;
  /// It was found in its stream's history, after the feed that had held it was lost.
  bool caught_up = false;
  /// Counts the times it is handed out, by one process; from 1.
  int attempt = 1;

  friend bool operator==(const event_marks&, const event_marks&) = default;
};

/// Copies share what is large.
struct event {
  event_kind kind = event_kind::other;
  /// As on the wire; names what an `other` is.
  std::string type{};
  /// Shared by the events of one action of a user: no key.
  std::string id{};
  std::string message_id{};
  /// By the agent's clock.
  std::chrono::system_clock::time_point at{};
  /// Who has done it.
  user_info initiator{};
  /// Where; without an id for events of connections.
  message_stream stream{};
  /// Of `message_sent` and `shared_post`.
  tutti::message message{};
  /// Of `shared_post`: what was shared.
  tutti::message shared{};
  /// Of `message_suppressed`: the message.
  std::string suppressed{};
  /// Of `form_replied`.
  form_reply form{};
  /// Who joined, left, was promoted or demoted; the other side of a connection; the owners who may
  /// let a person in; the members of an IM (ids only).
  std::vector<user_info> affected{};
  /// Its `payload`, JSON, as received.
  std::string payload{};

  /// A message that replaces another.
  TUTTI_API bool is_edit() const noexcept;
  TUTTI_API bool is_new_message() const noexcept;

  event_marks marks{};
  /// Its number in the journal; 0: it is in none.
  std::uint64_t number = 0;
};

} // namespace tutti
