// Users and their features.
#include <wire/ascii.hpp>
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace tutti::wire {

http_request find_users(std::span<const user_id> users, bool local) {
  return {http_method::get,
          fmt::format("{}?uid={}&local={}", users_path, comma_list(users), local),
          {},
          true};
}

namespace {

/// Calls `take(id, row)` for each user of the answer.
template <class Take>
result<void> each_user(const http_response& answer, Take&& take) {
  const auto what = fmt::format("user look-up (GET {})", users_path);
  if (answer.status == 204) // No user found.
    return {};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<void> {
    simdjson::ondemand::array rows;
    if (auto error = document["users"].get_array().get(rows); error == simdjson::NO_SUCH_FIELD)
      return {}; // All fields of an answer are optional: only errors, say.
    else if (error)
      return malformed(what, simdjson::error_message(error), answer);
    for (auto row : rows) {
      auto id = user_id::make(row["id"].get_int64());
      if (!id)
        return malformed(what, id.error().detail, answer);
      take(*id, row);
    }
    return {};
  });
}

bool same_address(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

} // namespace

result<std::vector<user_id>> read_users(const http_response& answer) {
  std::vector<user_id> users;
  auto read = each_user(answer, [&](user_id id, auto&) { users.push_back(id); });
  if (!read)
    return read.error();
  return users;
}

http_request find_named_users(const std::set<std::string>& names, user_key by, bool local) {
  return {http_method::get,
          fmt::format("{}?{}={}&local={}&active=true", users_path,
                      by == user_key::username ? "username" : "email", name_list(names), local),
          {},
          true};
}

result<std::map<std::string, std::vector<user_id>>>
read_named_users(const http_response& answer, const std::set<std::string>& names, user_key by) {
  std::map<std::string, std::set<user_id>> found;
  std::set<user_id> nameless;
  auto read = each_user(answer, [&](user_id id, auto& row) {
    auto name = optional_text(row, by == user_key::username ? "username" : "emailAddress");
    if (!name)
      nameless.insert(id);
    for (const auto& asked : name ? names : std::set<std::string>{})
      if (by == user_key::username ? asked == *name : same_address(asked, *name))
        found[asked].insert(id);
  });
  if (!read)
    return read.error();
  if (found.empty() && names.size() == 1 && !nameless.empty())
    found.emplace(*names.begin(), std::move(nameless));
  std::map<std::string, std::vector<user_id>> made;
  for (const auto& [name, ids] : found)
    made.emplace(name, std::vector<user_id>{ids.begin(), ids.end()});
  return made;
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

http_request own_manifest() {
  return {http_method::get, std::string{manifest_path}, {}, true};
}

result<std::string> read_manifest(const http_response& answer) {
  const auto what = fmt::format("manifest (GET {})", manifest_path);
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::string> {
    simdjson::ondemand::object all = document.get_object();
    return std::string{optional_text(all, "manifest").value_or("")};
  });
}

http_request set_own_manifest(std::string_view text) {
  return {http_method::post, std::string{manifest_path},
          fmt::format(R"({{"manifest":{}}})", json_text(text)), true};
}

result<void> read_manifest_set(const http_response& answer) {
  if (answer.status != 200)
    return refusal(fmt::format("manifest (POST {})", manifest_path), answer);
  return {};
}

} // namespace tutti::wire
