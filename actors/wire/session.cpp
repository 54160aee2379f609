// Login and who the caller is.
#include <actors/wire/endpoints.hpp>
#include <actors/wire/json.hpp>
#include <actors/wire/jwt.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

namespace tutti::wire {

std::optional<std::int64_t> seconds_ahead(const std::string& date,
                                          std::chrono::system_clock::time_point now) {
  std::tm parts{};
  if (!strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts)) // RFC 9110, 5.6.7
    return std::nullopt;
  return timegm(&parts) - std::chrono::system_clock::to_time_t(now);
}

bool keeps_logins_out(std::int64_t ahead) {
  constexpr std::int64_t travel = 5; // Seconds a request may be under way.
  return ahead > login_jwt_lifetime.count() - travel ||
         -ahead > 300 - login_jwt_lifetime.count() - travel;
}

namespace {

failure login_refused(std::string_view what, std::string_view advice, const http_response& answer,
                      std::chrono::system_clock::time_point now) {
  auto why =
      failure{errc::login_refused,
              fmt::format("{}: HTTP {}, the pod says: {}", what, answer.status, pod_words(answer)),
              answer.status,
              {}};
  auto skew = seconds_ahead(answer.date, now).value_or(0);
  if (keeps_logins_out(skew)) {
    why.code = "clock_skew";
    why.detail += fmt::format("; this machine's clock is {} s {} the pod's ({}): set it right, "
                              "logins carry a time",
                              std::abs(skew), skew > 0 ? "behind" : "ahead of", answer.date);
  } else {
    why.detail += advice;
  }
  if (!answer.trace.empty())
    why.detail += fmt::format(" (trace {})", answer.trace);
  return why;
}

/// The token of a 200.
result<session> read_token(std::string_view what, const http_response& answer) {
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

http_request login_at(std::string_view path, std::string_view jwt) {
  // A JWT is Base64 and dots: nothing in it needs escaping.
  return {http_method::post, std::string{path}, fmt::format(R"({{"token":"{}"}})", jwt), true};
}

} // namespace

http_request login(std::string_view jwt) {
  return login_at(login_path, jwt);
}

result<session> read_login(const http_response& answer, std::chrono::system_clock::time_point now) {
  const auto what = fmt::format("login (POST {})", login_path);
  if (answer.status == 401 || answer.status == 403)
    return login_refused(what,
                         "; check bot.username (case-sensitive) and that the public key registered "
                         "for it belongs to bot.privateKey",
                         answer, now);
  return read_token(what, answer);
}

http_request login_app(std::string_view jwt) {
  return login_at(app_login_path, jwt);
}

result<session> read_app_login(const http_response& answer,
                               std::chrono::system_clock::time_point now) {
  const auto what = fmt::format("login of the app (POST {})", app_login_path);
  if (answer.status == 401 || answer.status == 403)
    return login_refused(what,
                         "; check app.appId and that the public key registered for it belongs to "
                         "app.privateKey",
                         answer, now);
  return read_token(what, answer);
}

http_request login_user(user_id user) {
  return {
      http_method::post, fmt::format(user_login_path, fmt::arg("userId", user.value())), {}, true};
}

result<session> read_user_login(const http_response& answer, user_id user) {
  const auto what =
      fmt::format("login on behalf of user {} (POST {})", user.value(), user_login_path);
  auto read = read_token(what, answer);
  if (read)
    return read;
  auto why = read.error();
  if (answer.status == 403) {
    why.error = errc::not_entitled;
    why.code = "obo";
    why.detail += "; the app has to be enabled, installed for this user and given the permission "
                  "ACT_AS_USER: ask an administrator of the pod";
  } else if (answer.status == 400 || answer.status == 404) {
    why.error = errc::unknown_user;
  }
  return why;
}

std::string session_header(const session& current) {
  return fmt::format("sessionToken: {}\r\n", current.reveal());
}

void append_trace_header(std::string& headers, std::string_view trace) {
  headers.append("X-Trace-Id: ").append(trace).append("\r\n");
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
    caller.username = optional_text(document, "username").value_or("");
    caller.display_name = optional_text(document, "displayName").value_or("");
    return caller;
  });
}

} // namespace tutti::wire
