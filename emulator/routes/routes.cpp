// What all routes share: matching, reading ids, the error body.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <boost/json.hpp>

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace tutti::emulator {

std::vector<route> pod_routes() {
  std::vector<route> all;
  for (auto make : {login_routes, certificate_routes, token_routes, im_routes, user_routes,
                    feature_routes, connection_routes, room_routes, stream_routes, feed_routes,
                    message_routes, attachment_routes})
    for (auto& each : make())
      all.push_back(std::move(each));
  return all;
}

namespace {

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

/// The name of a parameter of the query that has to be `true` or `false` and is neither; empty for
/// none. In any case they are taken, as the kits write them.
std::string tidy_truths(std::map<std::string, std::string>& query) {
  for (const auto* name : {"local", "active", "includeNonDiscoverable"})
    if (auto found = query.find(name); found != query.end()) {
      auto read = read_truth(found->second);
      if (!read)
        return name;
      found->second = *read ? "true" : "false";
    }
  return {};
}

} // namespace

std::string route_of(const std::vector<route>& routes, std::string_view target) {
  for (const auto& each : routes)
    if (match(each.pattern, path_of(target)))
      return each.pattern;
  return {};
}

reply answer_to(pod& state, const std::vector<route>& routes, const arrival& request,
                time_point now) {
  auto path = path_of(request.target);
  auto query = path.size() < request.target.size() ? request.target.substr(path.size() + 1)
                                                   : std::string_view{};
  bool known = false;
  for (const auto& each : routes) {
    auto parts = match(each.pattern, path);
    if (!parts)
      continue;
    known = true;
    if (each.method != request.method)
      continue;
    call made{state,
              now,
              std::move(*parts),
              read_query(query),
              std::string{request.session_token},
              std::string{request.body},
              std::string{request.certificate},
              std::string{request.content_type},
              request.feed_faults,
              request.may_wait};
    if (each.needs_session) {
      made.caller = made.session_token.empty() && !request.authorization.empty()
                        ? state.sessions.user_of_jwt(request.authorization, now)
                        : state.sessions.user_of(made.session_token, now);
      if (!made.caller)
        return error_reply(401, "Invalid session");
      if (const auto* acting = state.sessions.app_behind(made.session_token)) {
        if (each.obo.empty())
          return error_reply(403, "This operation is not available on behalf of a user");
        auto any = split(each.obo, '|');
        if (std::none_of(any.begin(), any.end(), [&](const std::string& permission) {
              return acting->permissions.contains(permission);
            }))
          return error_reply(403, "The app lacks the permission " + any.front());
      }
    }
    // Who acts on behalf of a user has no keys; the user's content is never encrypted for the app.
    if (each.needs_session && path.starts_with("/agent/") &&
        !state.sessions.app_behind(made.session_token) &&
        !state.sessions.has_keys(*made.caller, request.key_manager_token, now))
      return error_reply(401, "Invalid key manager session");
    if (auto wrong = tidy_truths(made.query); !wrong.empty())
      return error_reply(400, "The parameter " + wrong + " is true or false");
    return each.act(made);
  }
  return known ? error_reply(405, "Method not allowed") : error_reply(404, "No such operation");
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  auto named = pattern.find('{');
  if (named == std::string_view::npos)
    return pattern == path ? std::optional{std::vector<std::string>{}} : std::nullopt;
  if (!path.starts_with(pattern.substr(0, named))) // Most of them, without taking it apart.
    return std::nullopt;
  std::vector<std::string> found;
  while (true) {
    auto wanted = pattern.substr(0, pattern.find('/'));
    auto given = path.substr(0, path.find('/'));
    if (wanted.starts_with('{') && !given.empty())
      found.emplace_back(given);
    else if (wanted != given)
      return std::nullopt;
    auto last = wanted.size() == pattern.size();
    if (last != (given.size() == path.size()))
      return std::nullopt;
    if (last)
      return found;
    pattern.remove_prefix(wanted.size() + 1);
    path.remove_prefix(given.size() + 1);
  }
}

reply json_reply(const boost::json::value& body) {
  return {200, boost::json::serialize(body)};
}

reply success_reply(std::string_view message) {
  return json_reply({{"format", "TEXT"}, {"message", message}});
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
    thread_local simdjson::dom::parser parser; // To make one costs more than to read a few ids.
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

page read_page(const std::map<std::string, std::string>& query, std::size_t usual,
               std::size_t most) {
  auto number = [&](const char* name, std::size_t otherwise) {
    auto found = query.find(name);
    if (found == query.end())
      return otherwise;
    std::size_t value = 0;
    const auto& word = found->second;
    auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc{} && end == word.data() + word.size() ? value : otherwise;
  };
  auto limit = number("limit", usual);
  return {number("skip", 0), std::min(limit == 0 ? usual : limit, most)};
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
