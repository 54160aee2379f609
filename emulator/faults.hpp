// Answers that go wrong on purpose.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tutti::emulator {

/// What happens to a request instead of what the pod would have done.
struct fault {
  /// A route as in `GET /emulator/requests`, e.g. `/pod/v1/im/create`; empty for every one.
  std::string path;
  /// 0: the pod acts and answers as ever, and what stands below is done to that answer.
  int status = 0;
  std::optional<std::string> body;
  std::string content_type = "application/json";
  /// Seconds of a `Retry-After` header.
  std::optional<int> retry_after;
  /// No answer at all.
  bool hang = false;
  /// How many requests it hits; negative: all.
  int count = -1;
};

/// The faults in force.
class faults {
public:
  /// Reads a JSON array of objects with the members above (`contentType`, `retryAfter`); it takes
  /// the place of those before. Answers what is wrong with it, empty for nothing.
  std::string set(const std::string& json);

  /// The one that hits this request, counted down.
  std::optional<fault> next(const std::string& route);

private:
  std::vector<fault> all_;
};

} // namespace tutti::emulator
