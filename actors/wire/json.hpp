// Reading JSON answers: one parser per thread, every shape checked.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <simdjson.h>

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

/// A member that may be missing, hold something else or half a character (kits cut names within
/// surrogate pairs). What is no JSON throws, and ends the reading: simdjson's iterator is not to be
/// used after such an error.
template <class Value>
std::optional<std::string_view> optional_text(Value& object, std::string_view key) {
  std::string_view text;
  auto error = object[key].get_string().get(text);
  if (error == simdjson::NO_SUCH_FIELD || error == simdjson::INCORRECT_TYPE ||
      error == simdjson::STRING_ERROR)
    return std::nullopt;
  if (error)
    throw simdjson::simdjson_error{error};
  return text;
}

} // namespace tutti::wire
