// Rooms and their members.
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

namespace tutti::wire {

namespace {

/// The spelling of each flag, and where it is kept.
constexpr std::pair<const char*, std::optional<bool> room_attributes::*> flags[] = {
    {"membersCanInvite", &room_attributes::members_can_invite},
    {"discoverable", &room_attributes::discoverable},
    {"public", &room_attributes::is_public},
    {"readOnly", &room_attributes::read_only},
    {"copyProtected", &room_attributes::copy_protected},
    {"crossPod", &room_attributes::cross_pod},
    {"viewHistory", &room_attributes::view_history},
    {"multiLateralRoom", &room_attributes::multi_lateral},
};

std::string path_of(const stream_id& room, std::string_view version, std::string_view rest) {
  return fmt::format("/pod/{}/room/{}/{}", version, percent_encoded(room.text()), rest);
}

std::string text_of(const room_attributes& made) {
  auto text = fmt::format(R"({{"name":{},"description":{})", json_text(made.name),
                          json_text(made.description));
  std::string keywords;
  for (const auto& each : made.keywords)
    keywords += fmt::format(R"({}{{"key":{},"value":{}}})", keywords.empty() ? "" : ",",
                            json_text(each.key), json_text(each.value));
  if (!keywords.empty())
    text += fmt::format(R"(,"keywords":[{}])", keywords);
  for (auto [name, member] : flags)
    if (const auto& flag = made.*member)
      text += fmt::format(R"(,"{}":{})", name, *flag);
  return text + "}";
}

room_attributes read_attributes(simdjson::ondemand::object object) {
  room_attributes read;
  read.name = optional_text(object, "name").value_or("");
  read.description = optional_text(object, "description").value_or("");
  if (auto keywords = optional_array(object, "keywords"))
    for (simdjson::ondemand::object each : *keywords) {
      room_keyword one;
      one.key = optional_text(each, "key").value_or("");
      one.value = optional_text(each, "value").value_or("");
      read.keywords.push_back(std::move(one));
    }
  for (auto [name, member] : flags)
    read.*member = optional_flag(object, name);
  return read;
}

result<room> read_detail(std::string_view what, const http_response& answer,
                         simdjson::ondemand::object detail) {
  room read;
  read.attributes = read_attributes(detail["roomAttributes"].get_object());
  simdjson::ondemand::object system = detail["roomSystemInfo"].get_object();
  auto id = stream_id::make(std::string_view{system["id"]});
  if (!id)
    return malformed(what, id.error().detail, answer);
  read.id = *id;
  read.active = optional_flag(system, "active").value_or(true);
  read.created = optional_time(system, "creationDate");
  if (auto creator = user_id::make(optional_integer(system, "createdByUserId").value_or(0)))
    read.creator = *creator;
  return read;
}

} // namespace

http_request create_room(const room_attributes& attributes) {
  return {http_method::post, "/pod/v3/room/create", text_of(attributes), false};
}

http_request room_info(const stream_id& id) {
  return {http_method::get, path_of(id, "v3", "info"), {}, true};
}

result<room> read_room(const http_response& answer) {
  constexpr auto what = "room";
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<room> {
    return read_detail(what, answer, document.get_object());
  });
}

namespace {

http_request change_member(const stream_id& room, user_id user, std::string_view verb,
                           bool repeat_safe) {
  return {http_method::post, path_of(room, "v1", fmt::format("membership/{}", verb)),
          fmt::format(R"({{"id":{}}})", user.value()), repeat_safe};
}

} // namespace

http_request add_room_member(const stream_id& room, user_id user) {
  return change_member(room, user, "add", true);
}

http_request remove_room_member(const stream_id& room, user_id user) {
  // A second one is refused: the user is no member any more.
  return change_member(room, user, "remove", false);
}

result<void> read_member_change(const http_response& answer) {
  if (answer.status != 200)
    return refusal("room membership", answer);
  return {};
}

http_request room_membership(const stream_id& room) {
  return {http_method::get, path_of(room, "v2", "membership/list"), {}, true};
}

result<std::vector<room_member>> read_room_members(const http_response& answer) {
  constexpr auto what = "members of the room";
  if (answer.status == 204)
    return std::vector<room_member>{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::vector<room_member>> {
    std::vector<room_member> found;
    for (simdjson::ondemand::object row : document.get_array()) {
      auto id = user_id::make(row["id"].get_int64());
      if (!id)
        return malformed(what, id.error().detail, answer);
      auto owner = optional_flag(row, "owner").value_or(false);
      found.push_back({*id, owner, optional_time(row, "joinDate")});
    }
    return found;
  });
}

http_request search_rooms(const room_query& wanted, std::size_t skip, std::size_t limit) {
  auto body = fmt::format(R"({{"query":{})", json_text(wanted.text));
  if (wanted.active)
    body += fmt::format(R"(,"active":{})", *wanted.active);
  if (wanted.member)
    body += fmt::format(R"(,"member":{{"id":{}}})", wanted.member->value());
  return {http_method::post, fmt::format("/pod/v3/room/search?skip={}&limit={}", skip, limit),
          body + "}", true};
}

result<rooms_page> read_rooms(const http_response& answer) {
  constexpr auto what = "search for rooms";
  if (answer.status == 204)
    return rooms_page{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<rooms_page> {
    rooms_page page;
    simdjson::ondemand::object object = document.get_object();
    auto count = optional_integer(object, "count").value_or(0);
    page.count = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (auto rows = optional_array(object, "rooms"))
      for (simdjson::ondemand::object row : *rows) {
        auto one = read_detail(what, answer, row);
        if (!one)
          return one.error();
        page.rooms.push_back(std::move(*one));
      }
    page.count = std::max(page.count, page.rooms.size());
    return page;
  });
}

} // namespace tutti::wire
