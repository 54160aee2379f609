// What a request is answered with: by the pods, by the emulator itself, or by a fault.
#pragma once

#include <emulator/control/control.hpp>
#include <emulator/server/answer_bytes.hpp>
#include <emulator/server/date_clock.hpp>
#include <emulator/server/request_bounds.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

struct made_answer {
  response_type response;
  std::optional<fault> wrong;
  /// To wait before it is sent.
  std::chrono::milliseconds pause;
  /// It is none yet: the feed whose events it waits for; empty for an answer that is ready.
  std::string waits_for{};
};

/// Used by one thread at a time, like the `control` it works on.
class answers {
public:
  /// `context`: what each path begins with.
  answers(control& of, std::string context);

  /// `client`: the common name of the certificate shown; empty: none.
  made_answer to(const request_type& request, const std::string& client);
  /// Another look at a request whose answer waited; `last`: it waits no longer.
  made_answer again(const request_type& request, const std::string& client,
                    const std::optional<fault>& wrong, bool last);

private:
  std::string_view within_context(std::string_view target) const;
  made_answer make(const request_type& request, const std::string& client,
                   const std::string& matched, const std::optional<fault>& wrong, bool may_wait);
  reply of_pods(const request_type& request, const std::string& client, time_point now,
                const std::string& matched, const std::optional<fault>& wrong, bool may_wait);

  control& of_;
  std::string context_;
  date_clock date_;
  std::vector<route> routes_ = pod_routes();
};

} // namespace tutti::emulator
