// When something is due again and again: intervals, and times of day in a time zone.
#pragma once

#include <tutti/result.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace tutti {

/// `15m` (a duration as in commands), or `09:00 Europe/London`, `Mon-Fri 17:30:00 UTC`,
/// `Mon,Wed 08:00 America/New_York`: days, a time of day, and a zone of the system's time zone
/// database. A time that a change of clocks skips is due when the clocks have changed; one that
/// occurs twice is due the first time.
class schedule {
public:
  /// `misconfigured`, with what is wrong and how it is written.
  static result<schedule> read(std::string_view text);

  /// The first time after `now`.
  std::chrono::system_clock::time_point next(std::chrono::system_clock::time_point now) const;

private:
  /// Of an interval; counted from the epoch.
  std::optional<std::chrono::milliseconds> every_{};
  const date::time_zone* zone_ = nullptr;
  std::chrono::seconds at_{};
  /// From Sunday on.
  std::array<bool, 7> days_{};
};

} // namespace tutti
