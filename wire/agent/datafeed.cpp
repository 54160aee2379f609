// Feeds: list, create, read, delete; the datahose: read.
#include <wire/agent/datafeed.hpp>

#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

namespace tutti::wire {

namespace {

/// `371f465fb97b5d1027d20a5e7085863a_f`, `abc_f_def`: what is read by one account alone.
bool is_fanout(std::string_view id) {
  auto mark = id.find("_f");
  return mark != std::string_view::npos && mark > 0 &&
         (mark + 2 == id.size() || id[mark + 2] == '_');
}

} // namespace

std::string feed_tag(const std::string& configured, const std::string& username) {
  constexpr std::size_t longest = 100;
  return configured.empty() ? username.substr(0, longest) : configured;
}

http_request list_feeds(std::string_view tag) {
  auto target = std::string{"/agent/v5/datafeeds"};
  if (!tag.empty())
    target += "?tag=" + percent_encoded(tag);
  return {http_method::get, std::move(target), {}, true};
}

result<std::vector<std::string>> read_feeds(const http_response& answer) {
  constexpr auto what = "list of feeds (GET /agent/v5/datafeeds)";
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::vector<std::string>> {
    std::vector<std::string> ids;
    for (simdjson::ondemand::object row : document.get_array())
      if (auto id = optional_text(row, "id"); id && is_fanout(*id))
        ids.emplace_back(*id);
    return ids;
  });
}

http_request create_feed(std::string_view tag, bool include_invisible) {
  std::string body = "{";
  if (!tag.empty())
    body += fmt::format(R"("tag":{})", json_text(tag));
  if (include_invisible)
    body += fmt::format(R"({}"includeInvisible":true)", body.size() > 1 ? "," : "");
  return {http_method::post, "/agent/v5/datafeeds", body + "}", false};
}

result<std::string> read_feed(const http_response& answer) {
  constexpr auto what = "create a feed (POST /agent/v5/datafeeds)";
  if (answer.status != 201 && answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::string> {
    auto id = optional_text(document, "id");
    if (!id || id->empty())
      return malformed(what, "the feed has no id", answer);
    return std::string{*id};
  });
}

http_request poll_feed(std::string_view id, std::string_view ack_id, bool update_presence) {
  return {http_method::post, fmt::format("/agent/v5/datafeeds/{}/read", percent_encoded(id)),
          fmt::format(R"({{"ackId":{}{}}})", json_text(ack_id),
                      update_presence ? "" : R"(,"updatePresence":false)"),
          true}; // The same ackId twice does no harm; a batch lost on the way comes again.
}

std::string datahose_tag(const std::string& configured, const std::string& username) {
  constexpr std::size_t longest = 80;
  return configured.empty() ? ("datahose-" + username).substr(0, longest) : configured;
}

http_request poll_datahose(const datahose_wish& wanted, std::string_view ack_id,
                           bool update_presence) {
  auto list = [](const std::vector<std::string>& texts) {
    std::string made;
    for (const auto& each : texts)
      made.append(made.empty() ? "[" : ",").append(json_text(each));
    return made + "]";
  };
  auto body = fmt::format(R"({{"type":"datahose","tag":{},"eventTypes":{})", json_text(wanted.tag),
                          list(wanted.types));
  if (!wanted.scopes.empty())
    body += R"(,"scopes":)" + list(wanted.scopes);
  if (!ack_id.empty())
    body += R"(,"ackId":)" + json_text(ack_id);
  if (!update_presence)
    body += R"(,"updatePresence":false)";
  return {http_method::post, "/agent/v5/events/read", body + "}", true}; // As a feed's.
}

http_request delete_feed(std::string_view id) {
  return {http_method::del, fmt::format("/agent/v5/datafeeds/{}", percent_encoded(id)), {}, false};
}

} // namespace tutti::wire
