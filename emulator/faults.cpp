// Faults from JSON.
#include <emulator/faults.hpp>

#include <simdjson.h>

namespace tutti::emulator {

namespace {

fault read_fault(simdjson::dom::object row) {
  fault made;
  for (auto [key, value] : row) {
    if (key == "path")
      made.path = std::string_view{value};
    else if (key == "status")
      made.status = static_cast<int>(std::int64_t{value});
    else if (key == "body")
      made.body = std::string{std::string_view{value}};
    else if (key == "contentType")
      made.content_type = std::string_view{value};
    else if (key == "retryAfter")
      made.retry_after = static_cast<int>(std::int64_t{value});
    else if (key == "hang")
      made.hang = bool{value};
    else if (key == "count")
      made.count = static_cast<int>(std::int64_t{value});
    else
      throw simdjson::simdjson_error{simdjson::NO_SUCH_FIELD};
  }
  return made;
}

} // namespace

std::string faults::set(const std::string& json) {
  try {
    simdjson::dom::parser parser;
    std::vector<fault> fresh;
    for (auto row : simdjson::dom::array{parser.parse(json)})
      fresh.push_back(read_fault(row));
    all_ = std::move(fresh);
    return {};
  } catch (const simdjson::simdjson_error&) {
    return "The body must be an array of {path, status, body, contentType, retryAfter, hang, "
           "count}";
  }
}

std::optional<fault> faults::next(const std::string& route) {
  for (auto& each : all_)
    if (each.count != 0 && (each.path.empty() || each.path == route)) {
      if (each.count > 0)
        --each.count;
      return each;
    }
  return std::nullopt;
}

} // namespace tutti::emulator
