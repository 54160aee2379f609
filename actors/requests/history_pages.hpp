// Pages through a stream's messages so that each comes once.
#pragma once

#include <tutti/message.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tutti {

/// The agent's `skip` counts the messages of the very millisecond `since`: the next page begins at
/// the last one's time and skips those seen of it.
class history_pages {
public:
  static constexpr std::size_t page_size = 500;

  /// As the agent counts time.
  static std::int64_t millis(std::chrono::system_clock::time_point t) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
  }

  history_pages(std::chrono::system_clock::time_point since, std::size_t limit)
      : since_(millis(since)), left_(limit) {}

  std::int64_t since() const noexcept { return since_; }
  std::size_t skip() const noexcept { return skip_; }
  /// Of the next page; 0: there is none.
  std::size_t size() const noexcept { return over_ ? 0 : std::min(left_, page_size); }

  /// Whether there may be more than the limit.
  bool cut() const noexcept { return left_ == 0 && !over_; }

  void came(const std::vector<message>& page) {
    came(page, [](const message& each) { return millis(each.at()); });
  }

  /// `time_of(row)`: milliseconds since 1970.
  template <class Row, class TimeOf>
  void came(const std::vector<Row>& page, TimeOf time_of) {
    over_ = page.size() < size();
    left_ -= std::min(left_, page.size());
    for (const auto& each : page) {
      const auto at = time_of(each);
      skip_ = at == since_ ? skip_ + 1 : 1;
      since_ = at;
    }
  }

private:
  std::int64_t since_;
  std::size_t skip_ = 0;
  std::size_t left_;
  bool over_ = false;
};

} // namespace tutti
