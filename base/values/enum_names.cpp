// Enumerators as they stand in logs, metrics and on the wire.
#include <tutti/connection.hpp>
#include <tutti/health.hpp>
#include <tutti/http_message.hpp>
#include <tutti/log.hpp>
#include <tutti/metrics.hpp>
#include <tutti/stream.hpp>

#include <string_view>

namespace tutti {

std::string_view to_string(stream_type type) noexcept {
  switch (type) {
  case stream_type::im:
    return "IM";
  case stream_type::mim:
    return "MIM";
  case stream_type::room:
    return "ROOM";
  case stream_type::post:
    return "POST";
  case stream_type::other:
    break;
  }
  return "OTHER";
}

std::string_view to_string(connection_status status) noexcept {
  switch (status) {
  case connection_status::none:
    return "NONE";
  case connection_status::pending_incoming:
    return "PENDING_INCOMING";
  case connection_status::pending_outgoing:
    return "PENDING_OUTGOING";
  case connection_status::accepted:
    return "ACCEPTED";
  case connection_status::rejected:
    return "REJECTED";
  }
  return "NONE";
}

std::string_view to_string(http_method method) noexcept {
  switch (method) {
  case http_method::get:
    return "GET";
  case http_method::post:
    return "POST";
  case http_method::put:
    return "PUT";
  case http_method::del:
    return "DELETE";
  }
  return "";
}

std::string_view to_string(exchange_end how) noexcept {
  switch (how) {
  case exchange_end::ok:
    return "ok";
  case exchange_end::refused:
    return "refused";
  case exchange_end::rate_limited:
    return "rate_limited";
  case exchange_end::server_error:
    return "server_error";
  case exchange_end::unreachable:
    return "unreachable";
  case exchange_end::tls_failed:
    return "tls_failed";
  case exchange_end::protocol_error:
    return "protocol_error";
  case exchange_end::given_up:
    return "given_up";
  }
  return "";
}

std::string_view to_string(health_state state) noexcept {
  switch (state) {
  case health_state::stopped:
    return "stopped";
  case health_state::starting:
    return "starting";
  case health_state::ready:
    return "ready";
  case health_state::degraded:
    return "degraded";
  case health_state::stopping:
    return "stopping";
  }
  return "";
}

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::trace:
    return "trace";
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warn:
    return "warn";
  case log_level::error:
    return "error";
  case log_level::off:
    return "off";
  }
  return "off";
}

} // namespace tutti
