// Login and who the caller is.
#include <base/crypto/base64.hpp>
#include <base/crypto/jwt.hpp>
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/query.hpp>

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
  return ahead > crypto::login_jwt_lifetime.count() - travel ||
         -ahead > 300 - crypto::login_jwt_lifetime.count() - travel;
}

failure refused_login(std::string_view what, std::string_view advice, const http_response& answer,
                      std::chrono::system_clock::time_point now) {
  auto why = failure{
      errc::login_refused,
      fmt::format("{}: HTTP {}, the pod says: {}", what, answer.status, pod_message(answer)),
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

namespace {

bool header_value(std::string_view text) {
  constexpr std::string_view breaks{"\r\n\0", 3};
  return !text.empty() && text.find_first_of(breaks) == text.npos;
}

/// `Bearer ey...`, however the pod spells it.
std::string bearer(std::string_view token) {
  return token.starts_with("Bearer ") ? std::string{token} : fmt::format("Bearer {}", token);
}

/// The tokens of a 200; `other` is a second name the token may go by.
result<session> read_token(std::string_view what, const http_response& answer,
                           std::string_view other = "token") {
  if (answer.status != 200)
    return refusal(what, answer);
  auto read = [&](auto& document) -> result<session> {
    auto token = optional_text(document, "token");
    if (!token)
      token = optional_text(document, other);
    if (!token || !header_value(*token))
      return malformed(what, "the token is missing, empty or no header value", answer,
                       quoting::secret);
    auto authorization = optional_text(document, "authorizationToken").value_or("");
    if (!header_value(authorization))
      return session{std::string{*token}};
    return session{std::string{*token}, bearer(authorization)};
  };
  return read_json(what, answer, read, quoting::secret);
}

struct login_facts {
  std::string_view path;
  std::string_view name;
  std::string_view advice;
};

constexpr login_facts facts_of(principal who, login_by how) {
  if (who == principal::bot)
    return how == login_by::key
               ? login_facts{login_path, "login",
                             "; check bot.username (case-sensitive) and that the public key "
                             "registered for it belongs to bot.privateKey"}
               : login_facts{"/sessionauth/v1/authenticate", "login",
                             "; check that the certificate of bot.certificate is registered for "
                             "bot.username, and that sessionAuth names the host (or port) that "
                             "asks for certificates"};
  return how == login_by::key
             ? login_facts{"/login/pubkey/app/authenticate", "login of the app",
                           "; check app.appId and that the public key registered for it belongs "
                           "to app.privateKey"}
             : login_facts{"/sessionauth/v1/app/authenticate", "login of the app",
                           "; check that the certificate of app.certificate is registered for "
                           "app.appId, and that sessionAuth names the host (or port) that asks "
                           "for certificates"};
}

/// The host does not take the account. A 400 with Retry-After is a 429 in disguise.
bool is_refused(login_by how, const http_response& answer) {
  return answer.status == 401 || answer.status == 403 ||
         (how == login_by::certificate && answer.status == 400 && !answer.retry_after);
}

constexpr std::string_view user_prefix(login_by how) {
  return how == login_by::key ? "/login/pubkey/app" : "/sessionauth/v1/app";
}

http_request user_login_at(std::string path) {
  return {http_method::post, std::move(path), {}, true};
}

} // namespace

service login_host(login_by how) {
  return how == login_by::key ? service::pod : service::session_auth;
}

http_request login(principal who, std::string_view jwt) {
  // A JWT is Base64 and dots: nothing in it needs escaping.
  return {http_method::post, std::string{facts_of(who, login_by::key).path},
          fmt::format(R"({{"token":"{}"}})", jwt), true};
}

http_request login(principal who) {
  return {http_method::post, std::string{facts_of(who, login_by::certificate).path}, {}, true};
}

result<session> read_login(principal who, login_by how, const http_response& answer,
                           std::chrono::system_clock::time_point now) {
  const auto facts = facts_of(who, how);
  const auto what = fmt::format("{} (POST {})", facts.name, facts.path);
  if (is_refused(how, answer))
    return refused_login(what, facts.advice, answer, now);
  return read_token(what, answer);
}

namespace {

constexpr std::string_view key_manager_path(login_by how) {
  return how == login_by::key ? "/relay/pubkey/authenticate" : "/keyauth/v1/authenticate";
}

} // namespace

http_request key_manager_login(login_by how, std::string_view jwt) {
  return {http_method::post, std::string{key_manager_path(how)},
          how == login_by::key ? fmt::format(R"({{"token":"{}"}})", jwt) : std::string{}, true};
}

result<session> read_key_manager_login(login_by how, const http_response& answer,
                                       std::chrono::system_clock::time_point now) {
  const auto what = fmt::format("login at the key manager (POST {})", key_manager_path(how));
  if (is_refused(how, answer))
    return refused_login(what,
                         "; check that keyManager names the key manager's host and that the bot "
                         "may log in there as at the pod",
                         answer, now);
  return read_token(what, answer);
}

http_request login_user(user_id user, login_by how) {
  return user_login_at(fmt::format("{}/user/{}/authenticate", user_prefix(how), user.value()));
}

http_request login_user(std::string_view username, login_by how) {
  return user_login_at(
      fmt::format("{}/username/{}/authenticate", user_prefix(how), percent_encoded(username)));
}

result<session> read_user_login(const http_response& answer, std::string_view user) {
  const auto what = fmt::format("login on behalf of user {}", user);
  // By certificate the answer has another shape.
  auto read = read_token(what, answer, "sessionToken");
  if (read)
    return read;
  auto why = read.error();
  if (answer.status == 403) {
    why.error = errc::not_entitled;
    why.code = "obo";
    why.detail += "; the app has to be enabled, installed for this user and given the permission "
                  "ACT_AS_USER: ask an administrator of the pod";
  } else if (answer.status == 404 || (answer.status == 400 && !answer.retry_after)) {
    why.error = errc::unknown_user;
  }
  return why;
}

failure refused_user(failure why, std::string_view user) {
  if (why.error != errc::unauthorized || why.status != 401)
    return why;
  why.error = errc::unknown_user;
  why.detail = fmt::format("login on behalf of user {}: {}; the app's session is new, so the pod "
                           "has no such user, or none that is active",
                           user, why.detail);
  return why;
}

// -- common JWT -------------------------------------------------------------------

http_request common_jwt(const session& current) {
  return {http_method::post, "/login/idm/tokens", {}, true, token_header(current)};
}

result<authorized_session> read_common_jwt(const http_response& answer, const session& current) {
  constexpr auto what = "common JWT (POST /login/idm/tokens)";
  if (answer.status == 404)
    return failure{errc::misconfigured,
                   fmt::format("{}: HTTP 404; this pod gives no common JWT: set "
                               "commonJwt.enabled: false",
                               what),
                   404, "common_jwt"};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<authorized_session> {
        auto token = optional_text(document, "access_token");
        if (!token || !header_value(*token))
          return malformed(what, "access_token is missing, empty or no header value", answer,
                           quoting::secret);
        std::int64_t seconds = 0;
        if (document["expires_in"].get_int64().get(seconds) || seconds < 0)
          seconds = 0;
        return authorized_session{
            session{current.reveal(), bearer(*token)}.with_keys(current.keys()),
            std::chrono::seconds{seconds}};
      },
      quoting::secret);
}

std::optional<std::int64_t> expiry_of(std::string_view jwt) {
  if (jwt.starts_with("Bearer "))
    jwt.remove_prefix(7);
  auto first = jwt.find('.');
  auto second = first == jwt.npos ? first : jwt.find('.', first + 1);
  if (second == jwt.npos)
    return std::nullopt;
  http_response claims;
  claims.body = crypto::from_base64_url(jwt.substr(first + 1, second - first - 1));
  auto read = read_json("JWT", claims, [](auto& document) -> result<std::int64_t> {
    return std::int64_t{document["exp"].get_int64()};
  });
  return read ? std::optional{*read} : std::nullopt;
}

std::optional<std::chrono::seconds> jwt_lifetime(const session& current,
                                                 std::chrono::system_clock::time_point now) {
  auto expires = expiry_of(current.authorization());
  if (!expires)
    return std::nullopt;
  return std::chrono::seconds{*expires - std::chrono::system_clock::to_time_t(now)};
}

std::string session_header(const session& current) {
  if (!current.authorization().empty())
    return fmt::format("Authorization: {}\r\n", current.authorization());
  return token_header(current);
}

std::string agent_header(const session& current) {
  if (current.keys().empty())
    return {};
  // A common JWT is documented for calls to the pod only.
  return fmt::format("{}keyManagerToken: {}\r\n", token_header(current), current.keys());
}

std::string token_header(const session& current) {
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
