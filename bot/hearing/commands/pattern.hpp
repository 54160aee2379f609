// The pattern of a command: its words, and what follows them.
#pragma once

#include <tutti/commands/argument.hpp>
#include <tutti/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::commands {

/// What a parameter is written as; several are a text to the handler.
enum class parameter_type : std::uint8_t {
  word,
  /// All that is left of the message.
  text,
  integer,
  decimal,
  boolean,
  date,
  duration,
  user,
  hashtag,
  cashtag,
  choice,
};

/// As a pattern spells it.
std::string_view to_string(parameter_type type) noexcept;

struct parameter {
  std::string name;
  parameter_type type = parameter_type::word;
  /// Of a choice.
  std::vector<std::string> choices{};
  /// It may be left out.
  bool optional = false;
  /// As it is written in the pattern; nothing: none.
  std::optional<std::string> preset{};
};

struct pattern {
  /// At least one; compared without regard to case.
  std::vector<std::string> words;
  std::vector<parameter> parameters;

  /// Its words as they are compared, e.g. `/order new`.
  std::string name() const;
  /// For people, e.g. `/quote ticker [count]`.
  std::string usage() const;
};

/// `/order new {ticker:cashtag} {count:int=1} {note:text?}`: words, then parameters
/// `{name:type}`, `{name:type=preset}`, `{name:type?}` or `{name}`, which is a word. Types: word,
/// text (the rest; it comes last), int, decimal, bool, date, duration, user, hashtag, cashtag,
/// choice(a|b|c). Those that may be left out come last. The failure's detail says what is wrong and
/// where.
result<pattern> read_pattern(std::string_view text);

/// Lower case, of ASCII letters.
std::string folded(std::string_view word);

} // namespace tutti::commands
