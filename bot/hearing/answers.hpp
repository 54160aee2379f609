// Answers of the core, for code that throws when it gets none.
#pragma once

#include <tutti/bot.hpp>

#include <optional>
#include <string>
#include <utility>

namespace tutti {

/// Throws `request_failed`.
template <class T>
T value_of(result<T> came) {
  if (!came)
    throw request_failed{came.error()};
  return std::move(*came);
}

/// What is kept under that name of the scope; throws `request_failed`.
inline task<std::optional<std::string>> stored_state(bot& of, std::string scope, std::string name) {
  read_state asked;
  asked.scope = std::move(scope);
  auto read = value_of(co_await of.ask(std::move(asked)));
  for (auto& [each, value] : read.values)
    if (each == name)
      co_return std::move(value);
  co_return std::nullopt;
}

} // namespace tutti
