// The forms that a bot has said: who may reply, and who hears it.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/commands/texts.hpp>
#include <tutti/form.hpp>
#include <tutti/log.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// The id of a message, in one of its two dialects: events of forms have the other.
std::string same_message(std::string_view id);
/// From any thread; those of one stream one after the other.
class forms {
public:
  using alive = std::shared_ptr<const std::atomic<bool>>;
  using handler = std::function<task<>(chat&, const json_value&)>;
  using definition = std::shared_ptr<const detail::form_definition>;

  forms(bot& owner, std::function<command_texts(const chat&)> texts,
        std::function<bool(const alive&)> takes_part)
      : owner_(owner), texts_(std::move(texts)), takes_part_(std::move(takes_part)) {}

  /// What is wrong with it, and then it is left out; empty for nothing.
  std::string add(definition which, handler handle, alive plugin);
  std::size_t size() const noexcept { return all_.size(); }
  /// Those that plugins have added are gone.
  void keep_first(std::size_t count) { all_.resize(count); }

  task<message> send(chat& where, definition which, form_rules rules);
  /// A form that a dialogue has sent: replies that it does not take are answered.
  void remember(chat& where, const detail::form_definition& which, const std::string& message_id,
                const user_info& only, std::chrono::milliseconds within);
  /// Whether it was a reply to one of them.
  task<bool> hear(chat& where);
  /// Whether the timer was one of a form.
  task<bool> on_timer(chat& where);

private:
  struct entry {
    definition which;
    handler handle;
    alive plugin;
  };
  /// A form that was said, as the journal keeps it.
  struct sent_form;

  task<std::optional<sent_form>> look_up(std::string scope);
  void keep(chat& where, const std::string& scope, const std::optional<sent_form>& what);
  void set_timer(chat& where, const std::string& scope, std::chrono::milliseconds after);
  /// It is over for all; what it was is known for a while.
  task<> end(chat& where, const std::string& scope, sent_form& which, std::string text);
  /// With what is wrong; the person gets the form again.
  task<> send_again(chat& where, const std::string& scope, sent_form& known, const entry& which,
                    std::string wrong);
  const entry* find(std::string_view form_id) const;
  /// Why the person may not reply; empty: it may.
  std::string objection(const sent_form& to, const user_info& who,
                        const command_texts& texts) const;

  bot& owner_;
  std::function<command_texts(const chat&)> texts_;
  std::function<bool(const alive&)> takes_part_;
  std::vector<entry> all_;
};

} // namespace tutti
