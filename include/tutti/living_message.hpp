// A message that changes while it is made: a progress, or an answer that comes in parts.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/message.hpp>
#include <tutti/outgoing_message.hpp>
#include <tutti/task.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tutti {

namespace detail {
class living_line;
}

/// Made by `chat.say_live`. What is shown is sent by updates of the message
/// (`POST .../message/{mid}/update`), at most two a second for one message and few at the same time
/// for all of them; what is overtaken before its turn is not sent. So `show` and `add` cost nothing
/// and do not wait. A handler that leaves without `end` has failed, or the bot is stopping: the
/// message then gets `command_texts::broken_off` behind what was shown last; when the event is
/// handed out again, the same message goes on.
class TUTTI_API living_message {
public:
  explicit living_message(std::shared_ptr<detail::living_line> line);
  ~living_message();
  living_message(living_message&&) noexcept;
  living_message& operator=(living_message&&) = delete;

  /// Shows this instead. Files are not sent with an update: throws std::logic_error.
  void show(outgoing_message what);
  /// Shows the texts added so far with this one behind them, as the pieces of a streamed answer;
  /// `show` ends them.
  void add(std::string_view text);
  /// The texts added so far.
  const std::string& text() const noexcept;

  /// The last state, once the agent has it; nothing can be shown any more. Where the bot may not
  /// update its messages (entitlement `canUpdateMessage`) it is said as a new message. Throws
  /// `request_failed`.
  task<message> end();
  task<message> end(outgoing_message what);

private:
  std::shared_ptr<detail::living_line> line_;
  std::string text_;
};

} // namespace tutti
