// Names events as the wire does, and reads what events hold.
#include <tutti/event.hpp>

#include <algorithm>
#include <array>

namespace tutti {

namespace {

struct row {
  std::string_view wire;
  std::string_view name;
};

constexpr std::array<row, event_kind_count> words{{
    {"MESSAGESENT", "message_sent"},
    {"MESSAGESUPPRESSED", "message_suppressed"},
    {"SYMPHONYELEMENTSACTION", "form_replied"},
    {"SHAREDPOST", "shared_post"},
    {"INSTANTMESSAGECREATED", "im_created"},
    {"ROOMCREATED", "room_created"},
    {"ROOMUPDATED", "room_updated"},
    {"ROOMDEACTIVATED", "room_deactivated"},
    {"ROOMREACTIVATED", "room_reactivated"},
    {"USERJOINEDROOM", "user_joined_room"},
    {"USERLEFTROOM", "user_left_room"},
    {"ROOMMEMBERPROMOTEDTOOWNER", "promoted_to_owner"},
    {"ROOMMEMBERDEMOTEDFROMOWNER", "demoted_from_owner"},
    {"USERREQUESTEDTOJOINROOM", "asked_to_join_room"},
    {"CONNECTIONREQUESTED", "connection_requested"},
    {"CONNECTIONACCEPTED", "connection_accepted"},
    {"GENERICSYSTEMEVENT", "generic_system_event"},
    {"TIMERDUE", "timer_due"},
    {"OTHER", "other"},
}};

const row& row_of(event_kind kind) noexcept {
  return words[std::min(static_cast<std::size_t>(kind), words.size() - 1)];
}

} // namespace

std::string_view to_string(event_kind kind) noexcept {
  return row_of(kind).wire;
}

std::string_view name_of(event_kind kind) noexcept {
  return row_of(kind).name;
}

event_kind read_event_kind(std::string_view word) noexcept {
  auto found = std::find_if(words.begin(), words.end() - 1,
                            [word](const auto& each) { return each.wire == word; });
  return static_cast<event_kind>(found - words.begin());
}

bool event::is_edit() const noexcept {
  return kind == event_kind::message_sent && !message.replacing().empty();
}

bool event::is_new_message() const noexcept {
  return kind == event_kind::message_sent && !is_edit();
}

std::string_view form_reply::value(std::string_view field) const noexcept {
  for (const auto& [name, all] : values)
    if (name == field && !all.empty())
      return all.front();
  return {};
}

const messageml::received_message& message::read() const {
  // Two threads may both read it; either result is the same.
  auto known = std::atomic_load(&all_->read);
  if (!known) {
    known = std::make_shared<const messageml::received_message>(
        messageml::read_message(all_->given.presentation, all_->given.data));
    std::shared_ptr<const messageml::received_message> none;
    if (!std::atomic_compare_exchange_strong(&all_->read, &none, known))
      known = none;
  }
  return *known;
}

} // namespace tutti
