// What all routes share: matching, reading ids, the error body.
#include <emulator/routes.hpp>

#include <emulator/text.hpp>

#include <simdjson.h>

#include <charconv>

namespace tutti::emulator {

std::vector<route> pod_routes() {
  std::vector<route> all;
  for (auto make : {login_routes, im_routes, user_routes, feature_routes, connection_routes})
    for (auto& each : make())
      all.push_back(std::move(each));
  return all;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  auto wanted = split(pattern, '/');
  auto given = split(path, '/');
  if (wanted.size() != given.size())
    return std::nullopt;
  std::vector<std::string> found;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{'))
      found.push_back(given[i]);
    else if (wanted[i] != given[i])
      return std::nullopt;
  }
  return found;
}

reply error_reply(int status, std::string_view message) {
  return {status,
          "{\"code\":" + std::to_string(status) + ",\"message\":" + json_string(message) + "}"};
}

reply error_reply(const refusal& why) {
  return error_reply(why.status, why.message);
}

std::optional<std::vector<uid>> read_ids(const std::string& body) {
  try {
    simdjson::dom::parser parser;
    std::vector<uid> ids;
    for (auto item : simdjson::dom::array{parser.parse(body)}) {
      auto id = std::int64_t{item};
      if (id <= 0)
        return std::nullopt;
      ids.push_back(id);
    }
    return ids;
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

std::optional<uid> read_user_id(const std::string& body) {
  try {
    simdjson::dom::parser parser;
    return std::int64_t{parser.parse(body)["userId"]};
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

std::vector<uid> read_id_list(const std::string& list) {
  std::vector<uid> ids;
  for (const auto& word : split(list))
    if (auto id = read_id(word))
      ids.push_back(id);
  return ids;
}

uid read_id(const std::string& word) {
  uid id = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
  return error == std::errc{} && end == word.data() + word.size() && id > 0 ? id : 0;
}

} // namespace tutti::emulator
