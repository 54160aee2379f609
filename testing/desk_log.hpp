// The last warnings of a bot at a desk, for what a failed test prints.
#pragma once

#include <tutti/log.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

namespace tutti::testing {

class desk_log final : public log_sink {
public:
  void write(log_level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    std::string line{component};
    line.append(" ").append(event);
    for (const auto& each : fields)
      line.append(" ").append(each.key).append("=").append(each.value);
    auto guard = std::lock_guard{lock_};
    lines_.push_back(std::move(line));
    if (lines_.size() > most)
      lines_.pop_front();
  }

  bool keeps(log_level level, std::string_view) const noexcept override {
    return level >= log_level::warn && level != log_level::off;
  }

  /// A line each; empty for none.
  std::string last() const {
    auto guard = std::lock_guard{lock_};
    std::string all;
    for (const auto& each : lines_)
      all.append("\n  ").append(each);
    return all;
  }

private:
  static constexpr std::size_t most = 5;

  mutable std::mutex lock_;
  std::deque<std::string> lines_;
};

} // namespace tutti::testing
