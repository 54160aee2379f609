// Login and who the caller is.
#include <actors/wire/endpoints.hpp>
#include <actors/wire/json.hpp>

#include <fmt/format.h>

namespace tutti::wire {

http_request login(std::string_view jwt) {
  // A JWT is Base64 and dots: nothing in it needs escaping.
  return {http_method::post, std::string{login_path}, fmt::format(R"({{"token":"{}"}})", jwt),
          true};
}

result<session> read_login(const http_response& answer) {
  const auto what = fmt::format("login (POST {})", login_path);
  if (answer.status == 401 || answer.status == 403)
    return failure{
        errc::login_refused,
        fmt::format("{}: HTTP {}, the pod says: {}; check bot.username (case-sensitive), that the "
                    "public key "
                    "registered for it belongs to bot.privateKey, and this machine's clock{}",
                    what, answer.status, pod_words(answer),
                    answer.date.empty() ? "" : " (the pod's: " + answer.date + ")"),
        answer.status,
        {}};
  if (answer.status != 200)
    return refusal(what, answer);
  auto read = [&](auto& document) -> result<session> {
    std::string_view token = document["token"];
    if (token.empty() || token.find_first_of("\r\n") != token.npos)
      return malformed(what, "the token is empty or no header value", answer, quoting::secret);
    return session{std::string{token}};
  };
  return read_json(what, answer, read, quoting::secret);
}

std::string session_header(const session& current) {
  return fmt::format("sessionToken: {}\r\n", current.reveal());
}

http_request session_info() {
  return {http_method::get, std::string{session_info_path}, {}, true};
}

result<caller_info> read_session_info(const http_response& answer) {
  const auto what = fmt::format("session info (GET {})", session_info_path);
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<caller_info> {
    caller_info caller;
    auto id = user_id::make(document["id"].get_int64());
    if (!id)
      return malformed(what, id.error().detail, answer);
    caller.id = *id;
    std::string_view text;
    if (document["username"].get_string().get(text) == simdjson::SUCCESS)
      caller.username = text;
    if (document["displayName"].get_string().get(text) == simdjson::SUCCESS)
      caller.display_name = text;
    return caller;
  });
}

} // namespace tutti::wire
