// Users and their features.
#include <actors/wire/endpoints.hpp>
#include <actors/wire/json.hpp>
#include <actors/wire/query.hpp>

#include <fmt/format.h>

namespace tutti::wire {

http_request find_users(std::span<const user_id> users, bool local) {
  return {http_method::get,
          fmt::format("{}?uid={}&local={}", users_path, comma_list(users), local),
          {},
          true};
}

result<std::vector<user_id>> read_users(const http_response& answer) {
  const auto what = fmt::format("user look-up (GET {})", users_path);
  if (answer.status == 204) // Nobody found.
    return std::vector<user_id>{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::vector<user_id>> {
    std::vector<user_id> users;
    simdjson::ondemand::array rows;
    if (auto error = document["users"].get_array().get(rows); error == simdjson::NO_SUCH_FIELD)
      return users; // All fields of an answer are optional: only errors, say.
    else if (error)
      return malformed(what, simdjson::error_message(error), answer);
    for (auto row : rows) {
      auto id = user_id::make(row["id"].get_int64());
      if (!id)
        return malformed(what, id.error().detail, answer);
      users.push_back(*id);
    }
    return users;
  });
}

http_request features_of(user_id user) {
  return {http_method::get, fmt::format(features_path, fmt::arg("uid", user.value())), {}, true};
}

result<std::optional<bool>> read_feature(const http_response& answer, std::string_view feature) {
  const auto what = fmt::format("features (GET {})", features_path);
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::optional<bool>> {
    for (auto row : document.get_array()) {
      // The misspelt key is the wire's name for it.
      std::string_view name = row["entitlment"];
      if (name == feature)
        return std::optional{bool(row["enabled"])};
    }
    return std::optional<bool>{};
  });
}

http_request update_feature(user_id user, std::string_view feature, bool enabled) {
  return {http_method::post, features_of(user).target + "/update",
          fmt::format(R"([{{"entitlment":"{}","enabled":{}}}])", feature, enabled), true};
}

} // namespace tutti::wire
