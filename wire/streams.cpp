// Streams of every type, and who is in them.
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

#include <fmt/format.h>

namespace tutti::wire {

namespace {

result<stream> read_attributes(std::string_view what, const http_response& answer,
                               simdjson::ondemand::object object) {
  stream read;
  auto id = stream_id::make(std::string_view{object["id"]});
  if (!id)
    return malformed(what, id.error().detail, answer);
  read.id = *id;
  read.cross_pod = optional_flag(object, "crossPod").value_or(false);
  read.active = optional_flag(object, "active").value_or(true);
  read.last_message = optional_time(object, "lastMessageDate");
  if (auto type = optional_object(object, "streamType"))
    read.type = read_stream_type(optional_text(*type, "type").value_or(""));
  if (auto talk = optional_object(object, "streamAttributes"))
    if (auto members = optional_array(*talk, "members"))
      for (auto each : *members) {
        auto user = user_id::make(each.get_int64());
        if (!user)
          return malformed(what, user.error().detail, answer);
        read.members.push_back(*user);
      }
  if (auto room = optional_object(object, "roomAttributes"))
    read.room_name = optional_text(*room, "name").value_or("");
  return read;
}

} // namespace

stream_type read_stream_type(std::string_view word) {
  using enum stream_type;
  for (auto type : {im, mim, room, post})
    if (word == to_string(type))
      return type;
  return other;
}

http_request stream_info(const stream_id& id) {
  return {http_method::get,
          fmt::format("/pod/v2/streams/{}/info", percent_encoded(id.text())),
          {},
          true};
}

result<stream> read_stream(const http_response& answer) {
  constexpr auto what = "stream";
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<stream> {
    return read_attributes(what, answer, document.get_object());
  });
}

http_request own_streams(std::span<const stream_type> types, bool include_inactive,
                         std::size_t skip, std::size_t limit) {
  std::string list;
  for (auto each : types)
    list += fmt::format(R"({}{{"type":"{}"}})", list.empty() ? "" : ",", to_string(each));
  return {http_method::post, fmt::format("/pod/v1/streams/list?skip={}&limit={}", skip, limit),
          // Without a type: all of them.
          fmt::format(R"({{{}"includeInactiveStreams":{}}})",
                      list.empty() ? "" : fmt::format(R"("streamTypes":[{}],)", list),
                      include_inactive),
          true};
}

result<std::vector<stream>> read_streams(const http_response& answer) {
  constexpr auto what = "list of streams";
  if (answer.status == 204)
    return std::vector<stream>{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::vector<stream>> {
    std::vector<stream> found;
    for (simdjson::ondemand::object row : document.get_array()) {
      auto one = read_attributes(what, answer, row);
      if (!one)
        return one.error();
      found.push_back(std::move(*one));
    }
    return found;
  });
}

http_request stream_membership(const stream_id& id, std::size_t skip, std::size_t limit) {
  return {http_method::get,
          fmt::format("/pod/v1/admin/stream/{}/membership/list?skip={}&limit={}",
                      percent_encoded(id.text()), skip, limit),
          {},
          true};
}

result<stream_members_page> read_stream_members(const http_response& answer) {
  constexpr auto what = "members of the stream";
  if (answer.status != 200) {
    auto why = refusal(what, answer);
    if (answer.status == 403)
      why.detail += "; service accounts with the role User Provisioning may read them";
    return why;
  }
  return read_json(what, answer, [&](auto& document) -> result<stream_members_page> {
    stream_members_page page;
    simdjson::ondemand::object object = document.get_object();
    auto count = optional_integer(object, "count").value_or(0);
    page.count = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (auto rows = optional_array(object, "members"))
      for (simdjson::ondemand::object row : *rows) {
        stream_member one;
        simdjson::ondemand::object who = row["user"].get_object();
        auto id = user_id::make(who["userId"].get_int64());
        if (!id)
          return malformed(what, id.error().detail, answer);
        one.user = *id;
        one.display_name = optional_text(who, "displayName").value_or("");
        one.email = optional_text(who, "email").value_or("");
        one.company = optional_text(who, "company").value_or("");
        one.external = optional_flag(who, "isExternal").value_or(false);
        one.owner = optional_flag(row, "isOwner").value_or(false);
        one.creator = optional_flag(row, "isCreator").value_or(false);
        one.joined = optional_time(row, "joinDate");
        page.members.push_back(std::move(one));
      }
    page.count = std::max(page.count, page.members.size());
    return page;
  });
}

} // namespace tutti::wire
