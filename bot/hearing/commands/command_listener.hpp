// Hears messages as commands: calls the one that is meant, or says what is wrong.
#pragma once

#include <bot/hearing/commands/command_set.hpp>
#include <bot/hearing/commands/manifest.hpp>

#include <tutti/commands/texts.hpp>
#include <tutti/config.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::commands {

/// Commands are added before the bot starts; messages are heard on any thread.
class command_listener {
public:
  using chosen_texts = std::function<command_texts(const chat&)>;

  using alive = std::shared_ptr<const std::atomic<bool>>;

  /// `takes_part`: whether what a plugin has declared counts; it throws while the plugin stops.
  command_listener(bot& owner, const commands_config& rules,
                   std::function<bool(const alive&)> takes_part)
      : owner_(owner), rules_(rules), takes_part_(std::move(takes_part)) {}

  void add(command_declaration what, alive plugin);
  void say_by(chosen_texts choose) { texts_ = std::move(choose); }
  void say_by(command_texts all) {
    texts_of_manifest_ = all;
    say_by([all = std::move(all)](const chat&) { return all; });
  }
  /// See `wanted_manifest`.
  result<std::string> manifest() const { return wanted_manifest(rules_, set_, texts_of_manifest_); }
  /// What is wrong with declarations that were left out.
  const std::vector<std::string>& flaws() const noexcept { return flaws_; }
  bool empty() const noexcept { return set_.empty() && flaws_.empty(); }
  std::size_t size() const noexcept { return set_.size(); }
  /// Those that plugins have added are gone.
  void keep_first(std::size_t count);

  /// Whether the message was a command, or meant to be one; it has been answered then.
  task<bool> hear(chat& where);

  /// Those whose handler takes `dialogue&` begin one by this.
  using begin_dialogue =
      std::function<task<>(chat&, const command_set::command&, std::vector<argument_value>)>;
  void begin_dialogues_by(begin_dialogue how) { begin_dialogue_ = std::move(how); }
  bool has_dialogues() const noexcept { return has_dialogues_; }
  const command_set& all() const noexcept { return set_; }
  command_texts texts_for(const chat& where) const;

  struct beginning {
    /// Of what was said, behind a mention of the bot.
    std::size_t first = 0;
    bool mentioned = false;
    /// In a room, what does not mention the bot may be no command (`commands.mention`).
    bool may_be_command = false;
  };
  task<beginning> begin_of(chat& where, const words& message);
  /// Whether a command begins a dialogue with a whole stream.
  bool any_whole_stream() const noexcept { return any_whole_stream_; }

private:
  void note_dialogues();
  task<user_id> own_id();
  task<> help(chat& where, const words& message, std::size_t first);
  task<> answer(chat& where, const command_set::misuse& what);
  task<> answer(chat& where, const command_set::unknown& what);

  bot& owner_;
  commands_config rules_;
  std::function<bool(const alive&)> takes_part_;
  command_set set_;
  begin_dialogue begin_dialogue_;
  bool has_dialogues_ = false;
  bool any_whole_stream_ = false;
  std::vector<std::string> flaws_;
  /// Of the bot's author.
  std::size_t own_flaws_ = 0;
  chosen_texts texts_;
  /// It is read in no chat.
  command_texts texts_of_manifest_;
  /// 0: not known yet.
  std::atomic<std::int64_t> own_id_{0};
};

} // namespace tutti::commands
