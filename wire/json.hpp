// Reading JSON answers: one parser per thread, every shape checked.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tutti::wire {

/// Whether an error may quote the body: never where a secret is read.
enum class quoting { allowed, secret };

/// `errc::protocol_error` with what was read, what is wrong and, if allowed, an excerpt of the
/// body.
failure malformed(std::string_view what, std::string_view wrong, const http_response& answer,
                  quoting quote = quoting::allowed);

/// Runs `read(value)` on the JSON document of `answer`. simdjson's exceptions (wrong type, missing
/// field, cut short) end here. `read` answers `result<T>`.
template <class Read>
auto read_json(std::string_view what, const http_response& answer, Read&& read,
               quoting quote = quoting::allowed)
    -> decltype(read(std::declval<simdjson::ondemand::document&>())) {
  thread_local simdjson::ondemand::parser parser;
  const auto& body = answer.body;
  try {
    // The transport leaves spare room behind the body; others are copied.
    if (body.capacity() >= body.size() + simdjson::SIMDJSON_PADDING) {
      auto document = parser.iterate(body.data(), body.size(), body.capacity());
      if (document.error())
        return malformed(what, simdjson::error_message(document.error()), answer, quote);
      return read(document.value_unsafe());
    }
    simdjson::padded_string copy{body};
    simdjson::ondemand::document document = parser.iterate(copy);
    return read(document);
  } catch (const simdjson::simdjson_error& error) {
    return malformed(what, error.what(), answer, quote);
  }
}

/// Whether there is such a member; throws for what is no JSON, which ends the reading: simdjson's
/// iterator is not to be used after such an error.
inline bool is_there(simdjson::error_code error) {
  if (error == simdjson::NO_SUCH_FIELD || error == simdjson::INCORRECT_TYPE ||
      error == simdjson::STRING_ERROR || error == simdjson::NUMBER_ERROR)
    return false;
  if (error)
    throw simdjson::simdjson_error{error};
  return true;
}

/// A member that may be missing, hold something else or half a character (kits cut names within
/// surrogate pairs).
template <class Value>
std::optional<std::string_view> optional_text(Value& object, std::string_view key) {
  std::string_view text;
  return is_there(object[key].get_string().get(text)) ? std::optional{text} : std::nullopt;
}

/// A member that may be missing or hold something else, as `optional_text`.
template <class Value>
std::optional<bool> optional_flag(Value& object, std::string_view key) {
  bool flag = false;
  return is_there(object[key].get_bool().get(flag)) ? std::optional{flag} : std::nullopt;
}

template <class Value>
std::optional<std::int64_t> optional_integer(Value& object, std::string_view key) {
  std::int64_t number = 0;
  return is_there(object[key].get_int64().get(number)) ? std::optional{number} : std::nullopt;
}

template <class Value>
std::optional<simdjson::ondemand::array> optional_array(Value& object, std::string_view key) {
  simdjson::ondemand::array rows;
  return is_there(object[key].get_array().get(rows)) ? std::optional{rows} : std::nullopt;
}

template <class Value>
std::optional<simdjson::ondemand::object> optional_object(Value& object, std::string_view key) {
  simdjson::ondemand::object inner;
  return is_there(object[key].get_object().get(inner)) ? std::optional{inner} : std::nullopt;
}

/// Milliseconds since 1970, as all times of the API; 1970 when there are none.
template <class Value>
std::chrono::system_clock::time_point optional_time(Value& object, std::string_view key) {
  // What lies beyond the clock's range is no time.
  constexpr std::int64_t latest = 9'000'000'000'000;
  auto ms = optional_integer(object, key).value_or(0);
  return std::chrono::system_clock::time_point{
      std::chrono::milliseconds{ms < 0 || ms > latest ? 0 : ms}};
}

} // namespace tutti::wire
