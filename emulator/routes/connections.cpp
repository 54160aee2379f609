// /pod/v1/connection: asking, answering, listing.
#include <emulator/routes/routes.hpp>

#include <boost/json.hpp>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

/// Schema UserConnection.
json::object connection_of(const connection_view& seen) {
  json::object made{{"userId", seen.other}, {"status", seen.status}};
  if (seen.details) {
    made["firstRequestedAt"] = seen.details->requested_at;
    made["updatedAt"] = seen.details->updated_at;
    made["requestCounter"] = seen.details->counter;
  }
  return made;
}

reply reply_of(const answer<connection_view>& done) {
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  return json_reply(connection_of(std::get<connection_view>(done)));
}

using change = answer<connection_view> (connections::*)(const user&, uid, time_point);

using connection_event = void (events::*)(const user&, const user&, time_point);

std::function<reply(call&)> changing_connection(change act, connection_event announce) {
  return [act, announce](call& request) {
    auto other = read_user_id(request.body);
    if (!other)
      return error_reply(400, "The body must be {\"userId\": <integer>}");
    auto status = [&] {
      auto seen = request.state.connections.with(*request.caller, *other);
      const auto* one = std::get_if<connection_view>(&seen);
      return one ? one->status : std::string{};
    };
    const auto before = status();
    auto done = (request.state.connections.*act)(*request.caller, *other, request.now);
    const auto* whom = request.state.users.find(*other);
    if (announce && whom && status() != before)
      (request.state.events.*announce)(*request.caller, *whom, request.now);
    return reply_of(done);
  };
}

reply connection_info(call& request) {
  return reply_of(request.state.connections.with(*request.caller, read_id(request.path[0])));
}

reply list_connections(call& request) {
  static const std::set<std::string> known{"",         "PENDING_INCOMING", "PENDING_OUTGOING",
                                           "ACCEPTED", "REJECTED",         "ALL"};
  if (!known.contains(request.query["status"]))
    return error_reply(400, "Unknown status " + request.query["status"]);
  json::array rows;
  for (const auto& each : request.state.connections.list(*request.caller, request.query["status"],
                                                         read_id_list(request.query["userIds"])))
    rows.push_back(connection_of(each));
  return json_reply(rows);
}

reply remove_connection(call& request) {
  auto done =
      request.state.connections.remove(*request.caller, read_id(request.path[0]), request.now);
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  return success_reply("Connection Removed.");
}

} // namespace

std::vector<route> connection_routes() {
  return {
      {"POST", "/pod/v1/connection/create", true,
       changing_connection(&connections::request, &events::connection_requested),
       "REQUEST_USER_CONNECTIONS"},
      {"POST", "/pod/v1/connection/accept", true,
       changing_connection(&connections::accept, &events::connection_accepted)},
      {"POST", "/pod/v1/connection/reject", true,
       changing_connection(&connections::reject, nullptr)},
      {"GET", "/pod/v1/connection/user/{userId}/info", true, connection_info,
       "GET_USER_CONNECTIONS"},
      {"GET", "/pod/v1/connection/list", true, list_connections, "GET_USER_CONNECTIONS"},
      {"POST", "/pod/v1/connection/user/{uid}/remove", true, remove_connection},
  };
}

} // namespace tutti::emulator
