#include <bot/hearing/timers/reminders.hpp>

#include <tutti/json_value.hpp>

#include <stdexcept>
#include <string>

namespace tutti {

namespace {

constexpr std::string_view reminder_prefix = "reminder ";

} // namespace

stored_timer reminder_of(const event& said_to, int number, std::chrono::system_clock::time_point at,
                         const outgoing_message& what) {
  if (!what.attachments().empty())
    throw std::logic_error{"chat.remind: attachments are not kept; say them, or remind without"};
  json_value::object payload;
  payload.emplace("messageml", json_value{what.messageml()});
  payload.emplace("data", json_value{what.data()});
  std::string id{reminder_prefix};
  id.append(said_to.message_id.empty() ? said_to.id : said_to.message_id);
  id.append(" ").append(std::to_string(said_to.initiator.id.value()));
  id.append(" ").append(std::to_string(number));
  return {std::move(id), to_string(said_to.stream.id), at, to_json({std::move(payload)})};
}

bool is_reminder(std::string_view timer_id) noexcept {
  return timer_id.starts_with(reminder_prefix);
}

outgoing_message reminded(std::string_view payload) {
  const auto read = read_json(payload);
  auto text = [&](std::string_view name) -> std::string {
    const auto* found = read ? read->find(name) : nullptr;
    const auto* given = found ? std::get_if<std::string>(&found->what) : nullptr;
    return given ? *given : std::string{};
  };
  return outgoing_message::ready(text("messageml"), text("data"));
}

} // namespace tutti
