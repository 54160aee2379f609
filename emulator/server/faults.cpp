// Faults from JSON.
#include <emulator/server/faults.hpp>

#include <simdjson.h>

#include <functional>
#include <map>
#include <stdexcept>

namespace tutti::emulator {

std::chrono::milliseconds milliseconds_of(simdjson::dom::element value) {
  std::chrono::milliseconds time{std::int64_t{value}};
  if (time.count() < 0 || time > std::chrono::hours{24})
    throw std::invalid_argument{"a time is from 0 to 86400000 milliseconds, a day"};
  return time;
}

namespace {

using value = simdjson::dom::element;

fault::reset reset_of(value of) {
  std::string_view word = of;
  if (word == "before")
    return fault::reset::before;
  if (word == "during")
    return fault::reset::during;
  if (word == "after")
    return fault::reset::after;
  throw std::invalid_argument{"reset is before, during or after"};
}

using reader = std::function<void(fault&, value)>;

const std::map<std::string_view, reader>& readers() {
  static const std::map<std::string_view, reader> all{
      {"path", [](fault& to, value of) { to.path = std::string_view{of}; }},
      {"status", [](fault& to, value of) { to.status = static_cast<int>(std::int64_t{of}); }},
      {"body", [](fault& to, value of) { to.body = std::string{std::string_view{of}}; }},
      {"contentType", [](fault& to, value of) { to.content_type = std::string_view{of}; }},
      {"location", [](fault& to, value of) { to.location = std::string_view{of}; }},
      {"retryAfter",
       [](fault& to, value of) { to.retry_after = static_cast<int>(std::int64_t{of}); }},
      {"acts", [](fault& to, value of) { to.acts = bool{of}; }},
      {"expireSessions", [](fault& to, value of) { to.expire_sessions = bool{of}; }},
      {"delay", [](fault& to, value of) { to.delay = milliseconds_of(of); }},
      {"hang", [](fault& to, value of) { to.hang = bool{of}; }},
      {"reset", [](fault& to, value of) { to.broken = reset_of(of); }},
      {"cut", [](fault& to, value of) { to.cut = bool{of}; }},
      {"malformed", [](fault& to, value of) { to.malformed = bool{of}; }},
      {"chunked", [](fault& to, value of) { to.chunked = bool{of}; }},
      {"gzip", [](fault& to, value of) { to.gzip = bool{of}; }},
      {"close", [](fault& to, value of) { to.close = bool{of}; }},
      {"drip", [](fault& to, value of) { to.drip = milliseconds_of(of); }},
      {"duplicate", [](fault& to, value of) { to.feed.duplicate = bool{of}; }},
      {"reorder", [](fault& to, value of) { to.feed.reorder = bool{of}; }},
      {"vanish", [](fault& to, value of) { to.feed.vanish = bool{of}; }},
      {"count", [](fault& to, value of) { to.count = static_cast<int>(std::int64_t{of}); }},
      {"probability", [](fault& to, value of) { to.probability = double{of}; }},
      {"seed", [](fault& to, value of) { to.seed = static_cast<std::uint64_t>(std::int64_t{of}); }},
  };
  return all;
}

fault read_fault(simdjson::dom::object row) {
  fault made;
  for (auto [key, what] : row) {
    auto found = readers().find(key);
    if (found == readers().end()) {
      std::string known;
      for (const auto& [name, read] : readers())
        known.append(known.empty() ? "" : ", ").append(name);
      throw std::invalid_argument{"a fault has no '" + std::string{key} + "'; it has: " + known};
    }
    try {
      found->second(made, what);
    } catch (const simdjson::simdjson_error&) {
      throw std::invalid_argument{std::string{key} + " has the wrong type"};
    }
  }
  if (made.status != 0 && (made.status < 200 || made.status > 599))
    throw std::invalid_argument{"status is from 200 to 599"};
  if ((made.status == 204 || made.status == 304) &&
      ((made.body && !made.body->empty()) || made.gzip))
    throw std::invalid_argument{"an answer with status 204 or 304 has no body"};
  if (made.probability < 0 || made.probability > 1)
    throw std::invalid_argument{"probability is from 0 to 1"};
  return made;
}

} // namespace

std::string faults::set(const std::string& json) {
  try {
    simdjson::dom::parser parser;
    std::vector<entry> fresh;
    for (auto row : simdjson::dom::array{parser.parse(json)}) {
      auto made = read_fault(row);
      auto seed = made.seed;
      fresh.push_back({std::move(made), std::mt19937_64{seed}});
    }
    all_ = std::move(fresh);
    return {};
  } catch (const simdjson::simdjson_error&) {
    return "The body must be a JSON array of faults, such as [{\"status\": 503}]";
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
}

std::optional<fault> faults::next(const std::string& route) {
  for (auto& [each, chance] : all_) {
    if (each.count == 0 || (!each.path.empty() && each.path != route))
      continue;
    if (each.probability < 1 && std::generate_canonical<double, 53>(chance) >= each.probability)
      continue;
    if (each.count > 0)
      --each.count;
    return each;
  }
  return std::nullopt;
}

} // namespace tutti::emulator
