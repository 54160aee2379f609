// /agent/v5: feeds and what they hold, the datahose; health and version of the agent.
#include <emulator/routes/routes.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_tag = 100;

/// A member of the body that is a text; empty for none, nothing when it is something else.
std::optional<std::string> text_of(const std::string& body, const char* key) {
  if (body.empty())
    return std::string{};
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(body).get_object().get(members))
    return std::nullopt;
  auto value = members[key];
  std::string_view text;
  if (value.error() == simdjson::NO_SUCH_FIELD || value.is_null())
    return std::string{};
  if (value.get_string().get(text))
    return std::nullopt;
  return std::string{text};
}

/// Schema V5Datafeed.
json::object shape_of(const feed& one) {
  return {{"id", one.id}, {"createdAt", millis(one.created)}, {"type", "fanout"}};
}

reply create_feed(call& request) {
  auto tag = text_of(request.body, "tag");
  if (!tag || tag->size() > longest_tag)
    return error_reply(400, "The body must be {\"tag\": <text of at most 100 characters>}");
  auto made = request.state.feeds.create(request.caller->id, *tag, request.now);
  if (const auto* why = std::get_if<refusal>(&made))
    return error_reply(*why);
  return {201, json::serialize(shape_of(*std::get<const feed*>(made)))};
}

reply list_feeds(call& request) {
  json::array rows;
  for (const auto* each :
       request.state.feeds.of(request.caller->id, request.query["tag"], request.now))
    rows.push_back(shape_of(*each));
  return json_reply(rows);
}

reply delete_feed(call& request) {
  auto done = request.state.feeds.remove(request.caller->id, request.path[0], request.now);
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  return {204, ""};
}

/// Schema V5EventList. The events are JSON already.
std::string event_list(const feed_batch& given) {
  std::string body = R"({"events":[)";
  for (const auto& each : given.events) {
    if (&each != &given.events.front())
      body += ',';
    body += *each;
  }
  return body + R"(],"ackId":)" + json::serialize(json::value(given.ack_id)) + '}';
}

/// What a read of the feed or datahose with that id is answered.
reply read_queue(call& request, const std::string& id, const std::string& ack) {
  auto given = request.state.feeds.read(request.caller->id, id, ack, request.now,
                                        request.feed_faults, request.may_wait);
  if (const auto* why = std::get_if<refusal>(&given))
    return error_reply(*why);
  const auto& batch = std::get<feed_batch>(given);
  reply made{200, event_list(batch)};
  if (batch.events.empty() && request.may_wait)
    made.waits_for = id;
  return made;
}

reply read_feed(call& request) {
  auto ack = text_of(request.body, "ackId");
  if (!ack)
    return error_reply(400, "The body must be {\"ackId\": <text>}");
  return read_queue(request, request.path[0], *ack);
}

/// The members of the body that are lists of texts; nothing when one is something else.
std::optional<std::set<std::string, std::less<>>> texts_of(const std::string& body,
                                                           const char* key) {
  std::set<std::string, std::less<>> found;
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(body).get_object().get(members))
    return std::nullopt;
  auto value = members[key];
  if (value.error() == simdjson::NO_SUCH_FIELD || value.is_null())
    return found;
  simdjson::dom::array rows;
  if (value.get_array().get(rows))
    return std::nullopt;
  for (auto row : rows) {
    std::string_view text;
    if (row.get_string().get(text))
      return std::nullopt;
    found.emplace(text);
  }
  return found;
}

bool all_of(const std::set<std::string, std::less<>>& given,
            std::initializer_list<std::string_view> known) {
  return std::all_of(given.begin(), given.end(), [&](const auto& each) {
    return std::find(known.begin(), known.end(), each) != known.end();
  });
}

/// Schema V5EventsReadBody.
reply read_datahose(call& request) {
  if (!request.caller->roles.contains("CONTENT_EXPORT_SERVICE"))
    return error_reply(lacks_entitlement);
  constexpr std::size_t longest_hose_tag = 80;
  auto type = text_of(request.body, "type");
  auto tag = text_of(request.body, "tag");
  auto ack = text_of(request.body, "ackId");
  auto types = texts_of(request.body, "eventTypes");
  auto scopes = texts_of(request.body, "scopes");
  if (!type || *type != "datahose")
    return error_reply(400, "type must be datahose");
  if (!tag || tag->empty() || tag->size() > longest_hose_tag)
    return error_reply(400, "tag must be a text of 1 to 80 characters");
  if (!types || types->empty())
    return error_reply(400, "eventTypes must be a list of one type at least");
  if (!scopes || !all_of(*scopes, {"INTERNAL", "EXTERNAL", "FEDERATED"}))
    return error_reply(400, "scopes must be of INTERNAL, EXTERNAL, FEDERATED");
  if (!ack)
    return error_reply(400, "ackId must be a text");
  const auto id = request.state.feeds.hose(request.caller->id, request.caller->company,
                                           {*tag, *types, *scopes}, request.now);
  return read_queue(request, id, *ack);
}

reply health(call&) {
  return json_reply({{"status", "UP"}});
}

reply extended_health(call&) {
  json::object up{{"status", "UP"}, {"version", "25.8.1"}};
  json::object keyed = up;
  keyed["authType"] = "RSA";
  return json_reply({{"status", "UP"},
                     {"version", "Agent-25.8.1-Linux-4.18"},
                     {"services", {{"pod", keyed}, {"key_manager", keyed}, {"datafeed", up}}},
                     {"users",
                      {{"agentservice", {{"authType", "RSA"}, {"status", "UP"}}},
                       {"ceservice", {{"authType", "RSA"}, {"status", "UP"}}}}}});
}

reply info(call&) {
  return json_reply({{"ipAddress", "127.0.0.1"},
                     {"hostname", "tutti-pod"},
                     {"serverFqdn", "http://127.0.0.1"},
                     {"version", "Agent-25.8.1-Linux-4.18"},
                     {"url", "http://127.0.0.1/agent"},
                     {"onPrem", true},
                     {"mt", false},
                     {"commitId", "0000000"}});
}

} // namespace

std::vector<route> feed_routes() {
  return {
      {"POST", "/agent/v5/datafeeds", true, create_feed},
      {"GET", "/agent/v5/datafeeds", true, list_feeds},
      {"POST", "/agent/v5/datafeeds/{datafeedId}/read", true, read_feed},
      {"DELETE", "/agent/v5/datafeeds/{datafeedId}", true, delete_feed},
      {"POST", "/agent/v5/events/read", true, read_datahose},
      {"GET", "/agent/v3/health", false, health},
      {"GET", "/agent/v3/health/extended", false, extended_health},
      {"GET", "/agent/v1/info", false, info},
  };
}

} // namespace tutti::emulator
