// What a request is answered with: by the pods, by the emulator itself, or by a fault.
#pragma once

#include <emulator/control.hpp>
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
};

/// Used by one thread at a time, like the `control` it works on.
class answers {
public:
  /// `context`: what each path begins with.
  answers(control& of, std::string context);

  /// `client`: the common name of the certificate shown; empty: none.
  made_answer to(const request_type& request, const std::string& client);

private:
  std::string_view within_context(std::string_view target) const;
  reply of_pods(const request_type& request, const std::string& client, time_point now,
                std::string& matched, std::optional<fault>& wrong);

  control& of_;
  std::string context_;
  date_clock date_;
  std::vector<route> routes_ = pod_routes();
};

} // namespace tutti::emulator
