// What happened in a run, to be read by people; kept only when it will be printed.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::simulation {

class trace {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `clock` is asked for the time of each line; the run began at `start`.
  trace(bool kept, time_point start, std::function<time_point()> clock)
      : kept_(kept), start_(start), clock_(std::move(clock)) {}

  /// `line()` makes the text, if it is wanted.
  template <class Line>
  void add(Line&& line) {
    if (!kept_)
      return;
    auto ms = std::chrono::duration<double, std::milli>(clock_() - start_).count();
    char time[32];
    std::snprintf(time, sizeof time, "%10.3f ms  ", ms);
    lines_.push_back(std::string{time} + line());
  }

  const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
  bool kept_;
  time_point start_;
  std::function<time_point()> clock_;
  std::vector<std::string> lines_;
};

} // namespace tutti::simulation
