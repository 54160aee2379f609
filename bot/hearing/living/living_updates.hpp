// Which living message is updated next: few at the same time, each twice a second at most.
#pragma once

#include <tutti/outgoing_message.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace tutti {

/// No I/O, no clock, no lock of its own. Whose last update is longest ago comes first.
class living_updates {
public:
  using time_point = std::chrono::system_clock::time_point;
  using number = std::uint64_t;

  static constexpr std::chrono::milliseconds between{500};
  static constexpr std::size_t most_under_way = 8;

  struct update {
    number which = 0;
    outgoing_message what;
    /// Nothing comes after it.
    bool last = false;
  };

  /// A message that has just been said.
  number add(time_point now) {
    const auto made = ++count_;
    all_[made].due = now + between;
    return made;
  }

  /// What it is to show. Nothing after its end.
  void show(number which, outgoing_message what) {
    if (auto* one = find(which); one && !one->ends)
      want(which, *one, std::move(what));
  }

  /// `what`: nothing for what was shown last. True: that is shown already, and it is over.
  bool end(number which, std::optional<outgoing_message> what) {
    auto* one = find(which);
    if (!one || one->ends)
      return false;
    one->ends = true;
    if (what)
      want(which, *one, std::move(*what));
    else if (one->failed && !one->wanted)
      want(which, *one, std::move(one->sent));
    return forget_if_over(which);
  }

  /// It needs no update any more.
  void forget(number which) {
    if (auto* one = find(which)) {
      waiting_.erase({one->due, which});
      under_way_ -= one->under_way ? 1 : 0;
      all_.erase(which);
    }
  }

  /// The bot is about to stop: nothing waits for its time any more.
  void hurry() {
    hurried_ = true;
    for (auto& [which, one] : all_)
      if (waiting_.erase({one.due, which}) > 0) {
        one.due = {};
        waiting_.insert({one.due, which});
      }
  }

  /// It has been started again.
  void take_time() { hurried_ = false; }

  /// The next one whose turn it is; lasts until `answered`.
  std::optional<update> next(time_point now) {
    if (under_way_ == most_under_way || waiting_.empty() || waiting_.begin()->first > now)
      return std::nullopt;
    const auto which = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    auto& one = all_.at(which);
    one.under_way = true;
    ++under_way_;
    one.due = hurried_ ? time_point{} : now + between;
    one.sent = std::move(*std::exchange(one.wanted, std::nullopt));
    one.last = one.ends;
    return update{which, one.sent, one.last};
  }

  /// When `next` is worth a call without one of the others.
  std::optional<time_point> when() const {
    if (under_way_ == most_under_way || waiting_.empty())
      return std::nullopt;
    return waiting_.begin()->first;
  }

  /// An update has come to its end. One that has failed is left to the next, or to the end. True:
  /// the message is over.
  bool answered(number which, bool went = true) {
    auto* one = find(which);
    if (!one || !one->under_way)
      return false;
    one->under_way = false;
    --under_way_;
    one->failed = !went;
    if (one->wanted)
      waiting_.insert({one->due, which});
    else if (one->failed && one->ends && !one->last)
      want(which, *one, std::move(one->sent));
    return forget_if_over(which);
  }

  std::size_t size() const noexcept { return all_.size(); }

private:
  struct living {
    time_point due{};
    std::optional<outgoing_message> wanted{};
    bool under_way = false;
    bool ends = false;
    /// What the last update had, whether it failed, and whether it was the last of all.
    outgoing_message sent{};
    bool failed = false;
    bool last = false;
  };

  living* find(number which) {
    const auto found = all_.find(which);
    return found == all_.end() ? nullptr : &found->second;
  }

  void want(number which, living& one, outgoing_message&& what) {
    one.wanted = std::move(what);
    if (hurried_)
      one.due = {};
    if (!one.under_way)
      waiting_.insert({one.due, which});
  }

  bool forget_if_over(number which) {
    const auto& one = all_.at(which);
    if (!one.ends || one.under_way || one.wanted)
      return false;
    all_.erase(which);
    return true;
  }

  number count_ = 0;
  std::unordered_map<number, living> all_;
  /// Those that want an update and have none under way, by the time they may have it.
  std::set<std::pair<time_point, number>> waiting_;
  std::size_t under_way_ = 0;
  bool hurried_ = false;
};

} // namespace tutti
