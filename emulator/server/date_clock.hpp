// The header Date of answers.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace tutti::emulator {

/// The header Date, written once a second.
class date_clock {
public:
  const std::string& at(std::chrono::system_clock::time_point now) {
    auto seconds = std::chrono::system_clock::to_time_t(now);
    if (seconds != made_at_) {
      std::tm parts{};
      gmtime_r(&seconds, &parts);
      char text[40];
      std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
      text_ = text;
      made_at_ = seconds;
    }
    return text_;
  }

private:
  std::time_t made_at_ = -1;
  std::string text_;
};

} // namespace tutti::emulator
