// Messages of the agent: create, blast, update, get, history, search; suppression at the pod.
#include <emulator/routes/agent/multipart.hpp>
#include <emulator/routes/routes.hpp>
#include <emulator/state/agent/shapes.hpp>
#include <emulator/text.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

#include <charconv>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

constexpr std::size_t most_streams_of_a_blast = 100;

struct posted {
  draft what;
  /// Of a blast.
  std::vector<std::string> streams;
};

/// What a request to send brings, or why it is refused.
answer<posted> read_posted(const call& request) {
  auto parts = read_multipart(request.content_type, request.body);
  if (!parts)
    return refusal{415, "The body must be multipart/form-data"};
  posted read;
  std::vector<std::string> previews;
  for (auto& each : *parts) {
    const auto file = each.name == "attachment" || each.name == "preview";
    if (file && (each.filename.empty() || each.content_type.empty()))
      return refusal{400, "The part " + each.name +
                              " is not a file: it needs a filename and a Content-Type"};
    if (each.name == "message")
      read.what.message = std::move(each.content);
    else if (each.name == "data")
      read.what.data = std::move(each.content);
    else if (each.name == "version")
      read.what.version = std::move(each.content);
    else if (each.name == "silent")
      read.what.silent = read_truth(each.content).value_or(true);
    else if (each.name == "sids")
      read.streams = split(each.content);
    else if (each.name == "attachment")
      read.what.attachments.push_back(
          {{},
           std::move(each.filename),
           std::move(each.content_type),
           std::make_shared<const std::string>(std::move(each.content))});
    else if (each.name == "preview")
      previews.push_back(std::move(each.content));
  }
  if (!previews.empty() && previews.size() != read.what.attachments.size())
    return refusal{400, "There must be no preview, or one for each attachment"};
  for (std::size_t at = 0; at < previews.size(); ++at)
    read.what.attachments[at].preview =
        std::make_shared<const std::string>(std::move(previews[at]));
  return read;
}

json::object shape_of(const call& request, const message& one) {
  return message_shape(request.state.users, request.state.streams, one, false);
}

reply sent_reply(call& request, const answer<const message*>& done) {
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  const auto& made = *std::get<const message*>(done);
  request.state.events.message_sent(made, request.now);
  return json_reply(shape_of(request, made));
}

reply create_message(call& request) {
  auto read = read_posted(request);
  if (const auto* why = std::get_if<refusal>(&read))
    return error_reply(*why);
  return sent_reply(request, request.state.messages.create(*request.caller, request.path[0],
                                                           std::move(std::get<posted>(read).what),
                                                           request.now));
}

reply update_message(call& request) {
  auto read = read_posted(request);
  if (const auto* why = std::get_if<refusal>(&read))
    return error_reply(*why);
  return sent_reply(
      request, request.state.messages.update(*request.caller, request.path[0], request.path[1],
                                             std::move(std::get<posted>(read).what), request.now));
}

/// 200 even when every stream has failed.
reply blast(call& request) {
  auto read = read_posted(request);
  if (const auto* why = std::get_if<refusal>(&read))
    return error_reply(*why);
  const auto& given = std::get<posted>(read);
  if (given.streams.empty() || given.streams.size() > most_streams_of_a_blast)
    return error_reply(400, "sids must name 1 to 100 streams");
  json::array sent;
  json::object errors;
  for (const auto& each : given.streams) {
    auto done = request.state.messages.create(*request.caller, each, given.what, request.now);
    if (const auto* why = std::get_if<refusal>(&done)) {
      errors[valid_text(each)] = {{"code", why->status}, {"message", why->message}};
      continue;
    }
    const auto& made = *std::get<const message*>(done);
    request.state.events.message_sent(made, request.now);
    sent.push_back(shape_of(request, made));
  }
  return json_reply({{"messages", std::move(sent)}, {"errors", std::move(errors)}});
}

reply get_message(call& request) {
  const auto* found =
      request.state.messages.find(*request.caller, url_safe_base64(request.path[0]));
  return found && !found->suppressed ? json_reply(shape_of(request, *found)) : reply{204, ""};
}

std::optional<std::int64_t> read_time(const std::map<std::string, std::string>& query,
                                      const char* name) {
  auto found = query.find(name);
  if (found == query.end())
    return std::nullopt;
  const auto& word = found->second;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional{value}
                                                                  : std::nullopt;
}

reply rows_reply(const call& request, const std::vector<const message*>& all) {
  json::array rows;
  for (const auto* each : all)
    rows.push_back(shape_of(request, *each));
  return rows.empty() ? reply{204, ""} : json_reply(rows);
}

reply history(call& request) {
  auto since = read_time(request.query, "since");
  if (!since)
    return error_reply(400, "The query must hold since, in milliseconds since 1970");
  auto page = read_page(request.query, 50, 500);
  auto found = request.state.messages.history(
      *request.caller, request.path[0],
      {*since, read_time(request.query, "until"), page.skip, page.limit});
  if (const auto* why = std::get_if<refusal>(&found))
    return error_reply(*why);
  return rows_reply(request, std::get<std::vector<const message*>>(found));
}

/// By stream, author and text; the newest first.
/// Schema MessageSearchQuery; what is empty does not matter.
struct search_query {
  std::string text;
  std::string stream;
  std::string stream_type;
  std::int64_t author = 0;
  std::string hashtag;
  std::string cashtag;
  std::int64_t mention = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// Throws simdjson_error.
search_query read_query(const std::string& body) {
  search_query read;
  simdjson::dom::parser parser;
  for (auto each : simdjson::dom::object{parser.parse(body)}) {
    for (auto [key, into] : {std::pair{"text", &read.text},
                             {"streamId", &read.stream},
                             {"streamType", &read.stream_type},
                             {"hashtag", &read.hashtag},
                             {"cashtag", &read.cashtag}})
      if (each.key == key)
        *into = std::string_view{each.value};
    for (auto [key, into] : {std::pair{"author", &read.author},
                             {"mention", &read.mention},
                             {"fromDate", &read.from},
                             {"toDate", &read.to}})
      if (each.key == key)
        *into = std::int64_t{each.value};
  }
  return read;
}

/// An entity in the data: `"value":"..."` of a tag, the id of a mentioned user.
bool names(const message& one, const std::string& value) {
  return value.empty() || one.data.find("\"value\":\"" + value + "\"") != std::string::npos;
}

bool fits(const message& one, const search_query& wanted) {
  return !one.suppressed && (wanted.author == 0 || one.author == wanted.author) &&
         (wanted.from == 0 || one.at >= wanted.from) && (wanted.to == 0 || one.at < wanted.to) &&
         one.text.find(wanted.text) != std::string::npos && names(one, wanted.hashtag) &&
         names(one, wanted.cashtag) &&
         names(one, wanted.mention == 0 ? "" : std::to_string(wanted.mention));
}

bool fits(const any_stream& where, const std::string& type) {
  return type.empty() || type == where.type() || (type == "CHAT" && where.talk);
}

reply search(call& request) {
  search_query wanted;
  try {
    wanted = read_query(request.body);
  } catch (const simdjson::simdjson_error&) {
    return error_reply(400, "The body must be a query: text, streamId, streamType, author, "
                            "hashtag, cashtag, mention, fromDate, toDate");
  }
  if (!wanted.text.empty() && wanted.stream.empty())
    return error_reply(400, "A search for a text needs a streamId");
  std::vector<std::string> where;
  if (!wanted.stream.empty())
    where.push_back(url_safe_base64(wanted.stream));
  else
    for (const auto& each : request.state.streams.of(request.caller->id))
      where.push_back(each.id());
  std::vector<const message*> found;
  for (const auto& id : where) {
    auto seen = request.state.streams.seen_by(*request.caller, id);
    if (const auto* why = std::get_if<refusal>(&seen))
      return error_reply(*why);
    if (fits(std::get<any_stream>(seen), wanted.stream_type))
      for (const auto* each : request.state.messages.of(id))
        if (fits(*each, wanted))
          found.push_back(each);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* one, const auto* other) { return one->at > other->at; });
  auto page = read_page(request.query, 50, 1000);
  found.erase(found.begin(),
              found.begin() + static_cast<std::ptrdiff_t>(std::min(page.skip, found.size())));
  found.resize(std::min(found.size(), page.limit));
  return rows_reply(request, found);
}

reply suppress(call& request) {
  auto id = url_safe_base64(request.path[0]);
  auto done = request.state.messages.suppress(*request.caller, id);
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  auto fresh = std::get<bool>(done);
  if (fresh)
    request.state.events.message_suppressed(*request.state.messages.find(*request.caller, id),
                                            *request.caller, request.now);
  return json_reply({{"messageId", id},
                     {"suppressed", true},
                     {"suppressionDate", fresh ? millis(request.now) : 0}});
}

} // namespace

std::vector<route> message_routes() {
  constexpr auto send = "SEND_MESSAGES";
  return {
      {"POST", "/agent/v4/stream/{sid}/message/create", true, create_message, send},
      {"POST", "/agent/v4/stream/{sid}/message/{mid}/update", true, update_message, send},
      {"POST", "/agent/v4/message/blast", true, blast, send},
      {"GET", "/agent/v4/stream/{sid}/message", true, history, "GET_MESSAGES|SEND_MESSAGES"},
      {"GET", "/agent/v1/message/{id}", true, get_message, "GET_MESSAGES|SEND_MESSAGES"},
      {"POST", "/agent/v1/message/search", true, search, "GET_MESSAGES|SEND_MESSAGES"},
      {"POST", "/pod/v1/admin/messagesuppression/{id}/suppress", true, suppress,
       "SUPPRESS_MESSAGES"},
  };
}

} // namespace tutti::emulator
