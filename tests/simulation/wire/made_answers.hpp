// Answers and failures as the adversary makes them, and what is read of them.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tutti::simulation {

inline result<http_response> broken(errc kind, const char* what, const char* code = "") {
  return failure{kind, std::string{"the adversary: "} + what, 0, code};
}

inline http_response answered(int status,
                              std::string body = R"({"code":0,"message":"the adversary"})") {
  http_response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

inline std::string words(const result<http_response>& answer) {
  if (!answer)
    return std::string{to_string(answer.error().error)} + " (" + answer.error().detail + ")";
  auto text = "HTTP " + std::to_string(answer->status);
  if (answer->retry_after)
    text += ", Retry-After " + std::to_string(*answer->retry_after);
  return text;
}

/// What may be tried again, by status or failure, apart from a refused session.
inline bool may_get_better(const result<http_response>& answer) {
  if (!answer)
    return (answer.error().error == errc::unreachable && answer.error().code != "host_unknown") ||
           answer.error().code == "cut_short";
  return answer->status >= 500 || answer->status == 408 || answer->status == 429 ||
         (answer->status == 400 && answer->retry_after);
}

inline std::string header(std::string_view headers, std::string_view name) {
  auto at = headers.find(name);
  if (at == headers.npos)
    return {};
  auto begin = at + name.size();
  return std::string{headers.substr(begin, headers.find('\r', begin) - begin)};
}

} // namespace tutti::simulation
