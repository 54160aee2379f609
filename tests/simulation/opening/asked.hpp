// One request for an IM, from the asker's side.
#pragma once

#include <tests/simulation/kit/event_queue.hpp>

#include <tutti/protocol/conversation.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace tutti::simulation {

struct request {
  std::size_t number = 0;
  create_im asked;
  event_queue::time_point due;
  caf::actor asker;
  /// The asker is a conversation, which the bot ends when it stops.
  bool is_conversation = false;
  /// The asker has taken it back, or was ended.
  bool taken_back = false;
  bool dead = false;
  int answers = 0;
  std::optional<im_created> opened;
  std::optional<failure> refused;
};

/// As the trace has it: `request #7`, to its column.
inline std::string name_of(const request& one) {
  auto text = "request #" + std::to_string(one.number);
  text.resize(14, ' ');
  return text;
}

inline std::string text_of(const create_im& asked) {
  std::string users;
  for (auto each : asked.participants)
    users += (users.empty() ? "" : ",") + std::to_string(each.value());
  return (asked.form == im_form::admin ? "admin {" : "{") + users + "} as " +
         (asked.as.is_bot() ? "the bot" : std::to_string(asked.as.user().value())) + " within " +
         std::to_string(asked.timeout.count()) + " ms";
}

/// An asker as authors write them.
class talk final : public conversation {
public:
  talk(caf::actor_config& cfg, conversation_start start,
       std::function<void(result<im_created>)> report)
      : conversation(cfg, std::move(start)), report_(std::move(report)) {}

protected:
  void on_open(const im_created& opened) override { report_(opened); }
  void on_refused(const failure& why) override { report_(why); }
  void on_end() override { report_ = nullptr; }

private:
  std::function<void(result<im_created>)> report_;
};

} // namespace tutti::simulation
