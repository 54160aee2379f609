// Circle of trust, and the JWTs of extension apps.
#include <base/crypto/base64.hpp>
#include <base/crypto/signature.hpp>
#include <wire/endpoints.hpp>
#include <wire/json.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <array>

namespace tutti::wire {

namespace {

failure refused(const std::string& what, const char* code = "app_jwt") {
  return {errc::unauthorized, "the app's JWT " + what, 0, code};
}

/// Header, claims and signature.
std::optional<std::array<std::string_view, 3>> parts_of(std::string_view jwt) {
  auto first = jwt.find('.');
  auto last = jwt.rfind('.');
  if (first == jwt.npos || first == last || jwt.find('.', first + 1) != last)
    return std::nullopt;
  return std::array{jwt.substr(0, first), jwt.substr(first + 1, last - first - 1),
                    jwt.substr(last + 1)};
}

http_response as_answer(std::string json) {
  http_response made;
  made.status = 200;
  made.body = std::move(json);
  return made;
}

/// `aud`: a text or a list of such.
bool is_for(simdjson::ondemand::object& claims, const std::string& app_id) {
  if (auto one = optional_text(claims, "aud"))
    return *one == app_id;
  auto several = optional_array(claims, "aud");
  bool found = false;
  if (several)
    for (auto each : *several) {
      std::string_view text;
      found = (each.get_string().get(text) == simdjson::SUCCESS && text == app_id) || found;
    }
  return found;
}

} // namespace

http_request trust_app(std::string_view app_token, std::string_view jwt) {
  return {http_method::post, "/login/v1/pubkey/app/authenticate/extensionApp",
          fmt::format(R"({{"appToken":{},"authToken":"{}"}})", json_text(app_token), jwt), true};
}

http_request trust_app(std::string_view app_token) {
  return {http_method::post, "/sessionauth/v1/authenticate/extensionApp",
          fmt::format(R"({{"appToken":{}}})", json_text(app_token)), true};
}

result<app_tokens> read_app_tokens(const http_response& answer,
                                   std::chrono::system_clock::time_point now) {
  constexpr auto what = "circle of trust of the app";
  if (answer.status == 401 || answer.status == 403)
    return refused_login(what,
                         "; check app.appId, that the app is enabled, and that the public key "
                         "registered for it belongs to app.privateKey",
                         answer, now);
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<app_tokens> {
        app_tokens read;
        read.app_id = optional_text(document, "appId").value_or("");
        read.app_token = optional_text(document, "appToken").value_or("");
        read.symphony_token = optional_text(document, "symphonyToken").value_or("");
        read.expires = optional_time(document, "expireAt");
        if (read.app_token.empty() || read.symphony_token.empty())
          return malformed(what, "a token is missing", answer, quoting::secret);
        return read;
      },
      quoting::secret);
}

http_request pod_certificate() {
  return {http_method::get, "/pod/v1/podcert", {}, true};
}

result<std::string> read_pod_certificate(const http_response& answer) {
  constexpr auto what = "pod certificate (GET /pod/v1/podcert)";
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<std::string> {
    auto pem = optional_text(document, "certificate");
    if (!pem || pem->find("-----BEGIN CERTIFICATE") == pem->npos)
      return malformed(what, "no PEM certificate in it", answer);
    return std::string{*pem};
  });
}

result<app_user> read_app_jwt(const std::string& jwt, const std::string& certificate,
                              const std::string& app_id,
                              std::chrono::system_clock::time_point now) {
  auto parts = parts_of(jwt);
  if (!parts)
    return refused("is none: it has not three parts");
  const auto& [header, claims, signature] = *parts;
  auto head = read_json("JWT", as_answer(crypto::from_base64_url(header)),
                        [](auto& document) -> result<bool> {
                          return optional_text(document, "alg").value_or("") == "RS512";
                        });
  if (!head || !*head)
    return refused("is not signed with RS512");
  if (!crypto::signed_with(std::string_view{jwt}.substr(0, header.size() + 1 + claims.size()),
                           crypto::from_base64_url(signature), certificate))
    return refused("is not signed by this pod", "app_jwt_signature");
  auto read = read_json("JWT", as_answer(crypto::from_base64_url(claims)),
                        [&](auto& document) -> result<app_user> {
                          simdjson::ondemand::object object = document.get_object();
                          auto expires = optional_integer(object, "exp").value_or(0);
                          if (expires <= std::chrono::system_clock::to_time_t(now))
                            return refused("has expired");
                          if (!is_for(object, app_id))
                            return refused("is for another app than " + app_id + " (aud)");
                          auto user = optional_object(object, "user");
                          if (!user)
                            return refused("names no user");
                          app_user found;
                          auto id = user_id::make(optional_integer(*user, "id").value_or(0));
                          if (!id)
                            return refused("names no user");
                          found.id = *id;
                          found.username = optional_text(*user, "username").value_or("");
                          found.display_name = optional_text(*user, "displayName").value_or("");
                          found.email = optional_text(*user, "emailAddress").value_or("");
                          found.company = optional_text(*user, "company").value_or("");
                          found.expires = std::chrono::system_clock::from_time_t(expires);
                          return found;
                        });
  if (!read && read.error().error == errc::protocol_error)
    return refused("holds no claims that can be read");
  return read;
}

} // namespace tutti::wire
