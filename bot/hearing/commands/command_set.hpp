// The commands of a bot: which one a message calls, and with what.
#pragma once

#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/commands/pattern.hpp>
#include <bot/hearing/commands/words.hpp>

#include <tutti/commands/declaration.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace tutti::commands {

/// No I/O, and no chat: it decides only.
class command_set {
public:
  struct command {
    pattern reads;
    command_declaration declared;
    /// False once the plugin that has declared it has stopped; null: of the bot's author. It is
    /// found all the same.
    std::shared_ptr<const std::atomic<bool>> alive;
  };

  /// The message calls it.
  struct call {
    const command* which;
    std::vector<argument_value> values;
  };
  /// It names a command and does not fit its parameters.
  struct misuse {
    const command* which;
    complaint why;
  };
  /// It begins with a slash and is no command.
  struct unknown {
    std::string given;
    /// The pattern's words that were probably meant; empty: none.
    std::string nearest;
  };
  /// Nothing for commands.
  struct other {};
  using found = std::variant<other, call, misuse, unknown>;

  /// What is wrong with the declaration, and then it is left out; empty for nothing. One that code
  /// begins is only found by its name.
  std::string add(command_declaration what,
                  std::shared_ptr<const std::atomic<bool>> alive = nullptr);
  /// Those that were added after the first `count`.
  void keep_first(std::size_t count);

  /// `first`: the word that it begins with.
  found find(const words& message, std::size_t first) const;

  /// The one with these words, in any case; null: there is none.
  const command* named(std::string_view words) const;
  bool empty() const noexcept { return all_.empty(); }
  std::size_t size() const noexcept { return all_.size(); }
  const std::vector<std::unique_ptr<command>>& all() const noexcept { return all_; }

private:
  const command* best(const words& message, std::size_t first) const;
  void index();

  std::vector<std::unique_ptr<command>> all_;
  /// By the first word, folded; those with more words first.
  std::unordered_map<std::string, std::vector<const command*>> by_word_;
};

} // namespace tutti::commands
