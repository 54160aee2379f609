// How many events have not ended, and since when the oldest has been here.
#pragma once

#include <actors/telemetry/telemetry.hpp>

#include <chrono>
#include <cstdint>
#include <map>

namespace tutti {

class backlog {
public:
  explicit backlog(hearing_counters& shown) : shown_(shown) { show(); }

  void came(std::uint64_t number, std::chrono::system_clock::time_point at) {
    open_.emplace_hint(open_.end(), number, at);
    show();
  }

  void ended(std::uint64_t number) {
    open_.erase(number);
    show();
  }

private:
  void show() {
    shown_.backlog.set(open_.size());
    shown_.oldest.set(open_.empty() ? std::chrono::system_clock::time_point{}
                                    : open_.begin()->second);
  }

  hearing_counters& shown_;
  /// By number, which grows with time.
  std::map<std::uint64_t, std::chrono::system_clock::time_point> open_;
};

} // namespace tutti
