// A timer wheel without a clock: adding and removing a deadline costs a list link.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace tutti {

/// Many deadlines behind one pending tick. The owner asks `next()` when to look again and then
/// calls `expire(now, ...)`. Nothing expires early; late by at most one granule.
class timer_wheel {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using granule = std::chrono::duration<std::int64_t, std::ratio<1, 128>>; // 7.8 ms

  /// Names one deadline; 0 names none. Valid until removed or expired.
  using token = std::uint64_t;

  /// Adds a deadline: `expire` reports `what` when `due` has passed.
  token add(time_point due, std::uint64_t what);

  /// Forgets it; a token that is gone does no harm.
  void remove(token which) noexcept;

  /// Calls `late(what)` for each deadline that has passed at `now`. `late` may add and remove.
  template <class Late>
  void expire(time_point now, Late&& late) {
    for (auto index = take_due(now); index != none; index = take_due(now)) {
      auto what = nodes_[index].what;
      release(index);
      late(what);
    }
  }

  /// When to call `expire` next; nothing while there is no deadline. May be earlier than the first.
  std::optional<time_point> next() const noexcept;

  std::size_t size() const noexcept { return size_; }

private:
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr std::size_t slots = 1024; // 8 s around the wheel

  struct node {
    std::int64_t tick = 0;
    std::uint64_t what = 0;
    std::uint32_t before = none;
    std::uint32_t after = none;
    std::uint32_t generation = 1;
    bool linked = false;
  };

  static std::int64_t tick_of(time_point t) noexcept {
    return std::chrono::ceil<granule>(t.time_since_epoch()).count();
  }

  void link(std::uint32_t index) noexcept;
  void unlink(std::uint32_t index) noexcept;
  void release(std::uint32_t index) noexcept;
  /// The next node whose time has come, unlinked; moves the hand.
  std::uint32_t take_due(time_point now) noexcept;

  std::vector<node> nodes_;
  std::vector<std::uint32_t> free_;
  std::array<std::uint32_t, slots> heads_ = [] {
    std::array<std::uint32_t, slots> empty{};
    empty.fill(none);
    return empty;
  }();
  std::array<std::uint64_t, slots / 64> occupied_{};
  /// Every slot before this tick has been looked at.
  std::int64_t hand_ = 0;
  std::size_t size_ = 0;
};

} // namespace tutti
