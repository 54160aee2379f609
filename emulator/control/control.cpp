// The emulator's own routes.
#include <emulator/control/control.hpp>

#include <emulator/control/people.hpp>
#include <emulator/text.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

#include <stdexcept>

namespace tutti::emulator {

namespace json = boost::json;

std::map<std::string, int> control::counts() const {
  std::map<std::string, int> sums;
  for (const auto& each : seen)
    ++sums[each.method + " " + (each.route.empty() ? each.target : each.route)];
  return sums;
}

reply control::own(std::string_view method, std::string_view path, const std::string& body) {
  if (method == "GET" && path == "/emulator/requests")
    return {200, requests_text()};
  if (method == "GET" && path == "/emulator/users")
    return {200, users_text()};
  if (method == "POST" && path == "/emulator/requests/clear") {
    seen.clear();
    return {200, "{}"};
  }
  if (method == "POST" && path == "/emulator/sessions/expire") {
    state->sessions.expire_all();
    return {200, "{}"};
  }
  if (method == "POST" && path == "/emulator/service-times")
    return set_service_times(body);
  if (method == "POST" && path == "/emulator/faults") {
    auto wrong = injected.set(body);
    return wrong.empty() ? reply{200, "{}"} : error_reply(400, wrong);
  }
  if (method == "POST" && path == "/emulator/clock")
    return set_clock(body);
  if (auto done = act_for_people(*state, method, path, body, now()))
    return *done;
  return error_reply(404, "The emulator has: GET /emulator/requests, GET /emulator/users, "
                          "POST /emulator/users, POST /emulator/messages, POST /emulator/forms, "
                          "POST /emulator/requests/clear, POST /emulator/sessions/expire, POST "
                          "/emulator/service-times, POST /emulator/faults, POST "
                          "/emulator/clock");
}

/// Tokens are left out: what the pod saw is often shown to people.
std::string control::requests_text() const {
  json::array rows;
  for (const auto& each : seen)
    rows.push_back({{"method", valid_text(each.method)},
                    {"target", valid_text(each.target)},
                    {"route", valid_text(each.route)},
                    {"trace", valid_text(each.trace)},
                    {"status", each.status}});
  json::object paths;
  for (const auto& [name, count] : counts())
    paths[valid_text(name)] = count;
  return json::serialize(json::object{{"total", seen.size()},
                                      {"connections",
                                       {{"accepted", connections.accepted},
                                        {"open", connections.open},
                                        {"tls", connections.tls},
                                        {"resumed", connections.resumed}}},
                                      {"paths", std::move(paths)},
                                      {"requests", std::move(rows)}});
}

std::string control::users_text() const {
  json::object ids;
  for (const auto& [id, each] : state->users.all())
    ids[each.username] = id;
  return json::serialize(ids);
}

reply control::set_service_times(const std::string& body) {
  try {
    simdjson::dom::parser parser;
    std::map<std::string, std::chrono::milliseconds> fresh;
    for (auto row : simdjson::dom::object{parser.parse(body)})
      fresh[std::string{row.key}] = milliseconds_of(row.value);
    for (const auto& [route, time] : fresh)
      service_times[route] = time;
    return {200, "{}"};
  } catch (const std::invalid_argument& wrong) {
    return error_reply(400, wrong.what());
  } catch (const simdjson::simdjson_error&) {
    return error_reply(400, "The body must be {\"<route>\": <milliseconds>}");
  }
}

reply control::set_clock(const std::string& body) {
  simdjson::dom::parser parser;
  std::int64_t seconds = 0;
  constexpr std::int64_t ten_years = std::int64_t{10} * 365 * 86'400;
  if (parser.parse(body)["aheadSeconds"].get_int64().get(seconds) || seconds < -ten_years ||
      seconds > ten_years)
    return error_reply(400, "The body must be {\"aheadSeconds\": <seconds>}, ten years at most");
  clock_ahead = std::chrono::seconds{seconds};
  return {200, "{}"};
}

std::chrono::milliseconds control::service_time(const std::string& route) const {
  if (route.empty())
    return {};
  auto found = service_times.find(route);
  if (found == service_times.end())
    found = service_times.find("default");
  return found == service_times.end() ? std::chrono::milliseconds{} : found->second;
}

} // namespace tutti::emulator
