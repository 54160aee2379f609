// Names the days and times of day that a picker treats differently.
#pragma once

#include <tutti/export.hpp>

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::messageml {

/// Days: one, those from one to another, or certain days of each week.
class date_interval {
public:
  /// Dates are like `2026-03-01`.
  TUTTI_API static date_interval day(std::string_view date);
  TUTTI_API static date_interval between(std::string_view from, std::string_view to);
  TUTTI_API static date_interval weekdays(std::span<const std::chrono::weekday> days);

  /// As MessageML has it.
  const std::string& json() const noexcept { return json_; }

private:
  explicit date_interval(std::string json) : json_(std::move(json)) {}
  std::string json_;
};

/// Times of day: one, or those from one to another.
class time_interval {
public:
  /// Times are like `09:30:00`.
  TUTTI_API static time_interval at(std::string_view time);
  TUTTI_API static time_interval between(std::string_view from, std::string_view to);

  const std::string& json() const noexcept { return json_; }

private:
  explicit time_interval(std::string json) : json_(std::move(json)) {}
  std::string json_;
};

} // namespace tutti::messageml
