// A JSON value, for what is kept in the journal.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti {

/// Integers have 64 bits with their sign. A name of an object is there once.
struct json_value {
  using array = std::vector<json_value>;
  using object = std::map<std::string, json_value, std::less<>>;

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, array, object> what =
      nullptr;

  /// A member of an object; null: it has none of that name, or is no object.
  const json_value* find(std::string_view name) const noexcept {
    const auto* all = std::get_if<object>(&what);
    const auto found = all ? all->find(name) : object::const_iterator{};
    return all && found != all->end() ? &found->second : nullptr;
  }

  friend bool operator==(const json_value&, const json_value&) = default;
};

/// As JSON text. Numbers that JSON cannot write (infinite, not a number) are null.
TUTTI_API std::string to_json(const json_value& value);
/// Of a JSON text; `protocol_error` for what is none.
TUTTI_API result<json_value> read_json(std::string_view text);

} // namespace tutti
