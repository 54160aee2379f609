// Names of failures.
#include <tutti/errc.hpp>

#include <array>
#include <string>
#include <string_view>

namespace tutti {

namespace {

constexpr std::array<std::string_view, 19> errc_names{
    "none",           "invalid_participants", "multi_party_unsupported",
    "unknown_user",   "not_entitled",         "not_connected",
    "login_refused",  "unauthorized",         "rejected",
    "rate_limited",   "overloaded",           "deadline_exceeded",
    "cancelled",      "unreachable",          "tls_failed",
    "protocol_error", "shutting_down",        "misconfigured",
    "internal"};
static_assert(errc_names.size() == errc_count);

} // namespace

std::string_view to_string(errc code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return index < errc_names.size() ? errc_names[index] : std::string_view{"unknown"};
}

std::string to_string(const failure& why) {
  auto text = std::string{to_string(why.error)};
  if (!why.detail.empty())
    text.append(": ").append(why.detail);
  return text;
}

} // namespace tutti
