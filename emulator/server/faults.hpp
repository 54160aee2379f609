// Answers that go wrong on purpose.
#pragma once

#include <emulator/state/agent/feeds.hpp>

#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace tutti::emulator {

/// What happens to a request instead of what the pod would have done. In JSON and YAML the members
/// are spelt `contentType` and so on.
struct fault {
  /// Where the connection is reset.
  enum class reset { never, before, during, after };

  /// A route as in `GET /emulator/requests`, e.g. `/pod/v1/im/create`; empty for every one.
  std::string path;
  /// 0: the status the pod gives.
  int status = 0;
  std::optional<std::string> body;
  std::string content_type = "application/json";
  /// Of a redirect.
  std::string location;
  /// Seconds of a `Retry-After` header.
  std::optional<int> retry_after;
  /// Whether the pod does what it was asked for; unless given, it does so when `status` is 0.
  std::optional<bool> acts;
  /// Ends every session before the request is looked at.
  bool expire_sessions = false;
  /// `delay`: milliseconds beside the service time.
  std::chrono::milliseconds delay{0};
  /// No answer at all.
  bool hang = false;
  /// `before`, `during` or `after` the answer.
  reset broken = reset::never;
  /// The answer ends early, the connection in good order.
  bool cut = false;
  /// What comes is no HTTP.
  bool malformed = false;
  /// The body in chunks; compressed although the request did not ask for it.
  bool chunked = false;
  bool gzip = false;
  /// `close`: `Connection: close`.
  bool close = false;
  /// `drip`: milliseconds between two pieces of the answer, of which there are about sixty.
  std::chrono::milliseconds drip{0};
  /// Of a read of a feed: `duplicate`, `reorder` and `vanish`, each true or false.
  read_faults feed{};
  /// How many requests it hits; negative: all.
  int count = -1;
  /// From 0 to 1, by chance from `seed`.
  double probability = 1;
  std::uint64_t seed = 1;
};

/// From 0 to a day; throws std::invalid_argument, or simdjson's error for what is no integer.
std::chrono::milliseconds milliseconds_of(simdjson::dom::element value);

/// The faults in force.
class faults {
public:
  /// Reads a JSON array of objects with the members above; it takes the place of those before.
  /// Answers what is wrong with it, empty for nothing.
  std::string set(const std::string& json);

  /// The one that hits this request, counted down.
  std::optional<fault> next(const std::string& route);

private:
  struct entry {
    fault what;
    std::mt19937_64 chance;
  };

  std::vector<entry> all_;
};

} // namespace tutti::emulator
