// Calls of extension apps (Login API 20.14.1), and the JWT of their front ends; part of
// endpoints.hpp.
#pragma once

#include <tutti/extension_app.hpp>
#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace tutti::wire {

/// `POST /login/v1/pubkey/app/authenticate/extensionApp` with a signed JWT whose `sub` is the app.
http_request trust_app(std::string_view app_token, std::string_view jwt);
/// `POST /sessionauth/v1/authenticate/extensionApp`, by certificate.
http_request trust_app(std::string_view app_token);
/// The pair. A 401 or 403 is `errc::login_refused`.
result<app_tokens> read_app_tokens(const http_response& answer,
                                   std::chrono::system_clock::time_point now);

/// `GET /pod/v1/podcert`
http_request pod_certificate();
/// PEM.
result<std::string> read_pod_certificate(const http_response& answer);

/// The user of a front end's JWT: signed (RS512) with the key of that certificate (PEM), not over
/// at `now`, and for that app. Fails with `errc::unauthorized`, code `app_jwt`; with the code
/// `app_jwt_signature` where another certificate might help.
result<app_user> read_app_jwt(const std::string& jwt, const std::string& certificate,
                              const std::string& app_id, std::chrono::system_clock::time_point now);

} // namespace tutti::wire
