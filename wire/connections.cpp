// Connections between users of different companies.
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

#include <fmt/format.h>

namespace tutti::wire {

namespace {

/// `none` for a word of a newer API: new enumerators may appear at any time.
connection_status read_status(std::string_view word) {
  using enum connection_status;
  for (auto status : {pending_incoming, pending_outgoing, accepted, rejected})
    if (word == to_string(status))
      return status;
  return none;
}

} // namespace

http_request accepted_connections(std::span<const user_id> users) {
  return connections(connection_status::accepted, users);
}

http_request connections(std::optional<connection_status> status, std::span<const user_id> users) {
  auto target = fmt::format("{}?status={}", connections_path, status ? to_string(*status) : "ALL");
  if (!users.empty())
    target += "&userIds=" + comma_list(users);
  return {http_method::get, std::move(target), {}, true};
}

result<std::vector<user_connection>> read_connections(const http_response& answer) {
  const auto what = fmt::format("connection look-up (GET {})", connections_path);
  if (answer.status == 204)
    return std::vector<user_connection>{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::vector<user_connection>> {
    std::vector<user_connection> found;
    for (simdjson::ondemand::object row : document.get_array()) {
      auto id = user_id::make(row["userId"].get_int64());
      if (!id)
        return malformed(what, id.error().detail, answer);
      auto status = read_status(row["status"]);
      auto first = optional_time(row, "firstRequestedAt");
      found.push_back({*id, status, first, optional_time(row, "updatedAt")});
    }
    return found;
  });
}

http_request connection_with(user_id user) {
  return {
      http_method::get, fmt::format(connection_path, fmt::arg("userId", user.value())), {}, true};
}

result<connection_status> read_connection(const http_response& answer) {
  const auto what = fmt::format("connection state (GET {})", connection_path);
  if (answer.status == 404)
    return connection_status::none;
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<connection_status> {
    return read_status(document["status"]);
  });
}

http_request change_connection(std::string_view verb, user_id user) {
  return {http_method::post, fmt::format("/pod/v1/connection/{}", verb),
          fmt::format(R"({{"userId":{}}})", user.value()), true};
}

http_request remove_connection(user_id user) {
  return {
      http_method::post, fmt::format("/pod/v1/connection/user/{}/remove", user.value()), {}, true};
}

result<connection_status> read_connection_change(const http_response& answer) {
  constexpr auto what = "connection";
  if (answer.status == 404) {
    return failure{errc::unknown_user,
                   fmt::format("{}: HTTP 404, the pod says: {}{}", what, pod_message(answer),
                               answer.trace.empty() ? "" : " (trace " + answer.trace + ")"),
                   404,
                   {}};
  }
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<connection_status> {
    // A removal answers a text.
    return read_status(optional_text(document, "status").value_or("NONE"));
  });
}

} // namespace tutti::wire
