// Words of a message to values of parameters.
#pragma once

#include <bot/hearing/commands/pattern.hpp>
#include <bot/hearing/commands/words.hpp>

#include <tutti/commands/argument.hpp>
#include <tutti/commands/texts.hpp>

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace tutti::commands {

/// What is the matter with what a person wrote: a text of `command_texts`, and what goes into it.
struct complaint {
  std::string command_texts::*text;
  std::map<std::string, std::string, std::less<>> words;
};

/// In place of `{name}`: the text of that name; a name that is not there stays.
std::string filled(const std::string& text,
                   const std::map<std::string, std::string, std::less<>>& words);

using read_value = std::variant<argument_value, complaint>;

/// The value of one word; not for `text`.
read_value value_of(const parameter& which, const wanted_argument& limits, const word& given);

/// Values for all parameters from the words after those of the command.
std::variant<std::vector<argument_value>, complaint>
values_of(const pattern& of, const std::vector<wanted_argument>& takes, const words& message,
          std::size_t first);

/// As what a parameter of that type is handed over.
argument_form form_of(parameter_type type) noexcept;
/// Whether a parameter of that type can be handed over as that form.
bool fits(parameter_type type, argument_form form) noexcept;
/// Whether a value is one that the parameter takes.
bool is_of(const argument_value& given, const wanted_argument& takes) noexcept;
/// As C++ spells it.
std::string_view to_string(argument_form form) noexcept;

} // namespace tutti::commands
