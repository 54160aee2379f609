// What a status other than the expected one means.
#include <wire/endpoints.hpp>
#include <wire/json.hpp>
#include <wire/redact.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace tutti::wire {

namespace {

constexpr std::size_t excerpt_length = 200;

/// The beginning of what a host says, without what was sent to it.
std::string excerpt(std::string_view body, const http_response& answer) {
  auto end = std::min(body.size(), excerpt_length);
  // Not within a character.
  while (end < body.size() && end > 0 && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U)
    --end;
  auto text = std::string{body.substr(0, end)};
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  if (answer.secrets)
    text = redacted(std::move(text), *answer.secrets);
  if (body.size() > excerpt_length)
    text += "...";
  return text;
}

std::string error_message(const http_response& answer) {
  auto found = read_json("error", answer, [](auto& document) -> result<std::string> {
    std::string_view message = document["message"];
    return std::string{message};
  });
  return excerpt(found ? *found : answer.body, answer);
}

errc meaning(const http_response& answer) {
  if (answer.status == 401)
    return errc::unauthorized;
  if (answer.status == 403)
    return errc::not_entitled;
  // The agent turns a 429 of the back end into a 400 that keeps the header (agent 20.12).
  if (answer.status == 429 || (answer.status == 400 && answer.retry_after))
    return errc::rate_limited;
  if (answer.status < 400)
    return errc::protocol_error;
  if (answer.status >= 500)
    return errc::unreachable;
  return errc::rejected;
}

} // namespace

failure malformed(std::string_view what, std::string_view wrong, const http_response& answer,
                  quoting quote) {
  if (wrong.ends_with('.'))
    wrong.remove_suffix(1);
  const auto complaint =
      answer.secrets ? redacted(std::string{wrong}, *answer.secrets) : std::string{wrong};
  auto detail = fmt::format("{}: the answer (HTTP {}{}{}) is not what the API documents: {}", what,
                            answer.status, answer.content_type.empty() ? "" : ", ",
                            excerpt(answer.content_type, answer), complaint);
  if (quote == quoting::allowed)
    detail += fmt::format("; it begins: '{}'", excerpt(answer.body, answer));
  if (!answer.trace.empty())
    detail += fmt::format(" (trace {})", answer.trace);
  return failure{errc::protocol_error, std::move(detail), answer.status, {}};
}

std::string pod_message(const http_response& answer) {
  auto words = error_message(answer);
  return words.empty() ? "(no body)" : words;
}

failure refusal(std::string_view what, const http_response& answer) {
  auto why = failure{meaning(answer), {}, answer.status, {}};
  why.detail =
      fmt::format("{}: HTTP {}, the pod says: {}", what, answer.status, pod_message(answer));
  if (!answer.location.empty())
    why.detail +=
        "; it redirects to " + excerpt(answer.location, answer) +
        (answer.location.starts_with("https:") ? ", which is not followed; if that is the "
                                                 "same host, set scheme: https"
                                               : ", which is not followed");
  if (answer.status < 400)
    why.detail += "; the API documents another answer, is a login page or a proxy in the way?";
  if (why.error == errc::rate_limited && answer.retry_after)
    why.detail += fmt::format("; try again in {} s", *answer.retry_after);
  if (answer.status == 404)
    why.detail += "; are host and context those of the pod?";
  if (why.error == errc::unreachable)
    why.detail += "; the fault is on the pod's side, try again later";
  if (answer.budget_spent)
    why.detail += budget_spent;
  if (!answer.trace.empty())
    why.detail += fmt::format(" (trace {})", answer.trace);
  return why;
}

} // namespace tutti::wire
