// What a feed that was lost had held, as far as the histories of streams tell.
#pragma once

#include <actors/requests/history_pages.hpp>
#include <wire/agent/events.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tutti {

/// Several streams are read at a time, the pages of each one after the other. No I/O and no clock.
class catch_up {
public:
  struct question {
    /// For the answer.
    std::size_t which;
    std::string stream;
    std::int64_t since;
    std::size_t skip;
    std::size_t limit;
  };

  /// `since`: by the agent's clock, with room for what the clocks differ. `most`: streams.
  catch_up(std::chrono::system_clock::time_point since, std::size_t most)
      : since_(since), most_(most) {}

  /// Those that matter most first; what comes twice or is one too many is left out.
  void add(std::string stream) {
    if (stream.empty() || !known_.insert(stream).second)
      return;
    if (all_.size() == most_) {
      ++left_out_;
      return;
    }
    waiting_.push_back(all_.size());
    all_.push_back({std::move(stream), history_pages{since_, longest}, 0, 0});
  }

  /// A page to be asked for; nothing: none now.
  std::optional<question> next() {
    if (waiting_.empty() || asked_ == most_at_once || found_.size() >= most_held)
      return std::nullopt;
    const auto which = waiting_.front();
    waiting_.pop_front();
    ++asked_;
    const auto& one = all_[which];
    return question{which, one.stream, one.pages.since(), one.pages.skip(), one.pages.size()};
  }

  void came(std::size_t which, std::vector<wire::raw_event>&& page) {
    --asked_;
    auto& one = all_[which];
    one.pages.came(page, [](const wire::raw_event& each) { return each.at; });
    std::move(page.begin(), page.end(), std::back_inserter(found_));
    if (one.pages.size() > 0)
      waiting_.push_front(which);
    else if (one.pages.cut())
      ++left_out_;
  }

  /// It was not answered, or refused (`final`, if nothing in between has said so). After some
  /// attempts it is left out: the bot has left that stream, say.
  void failed(std::size_t which, bool final) {
    --asked_;
    auto& one = all_[which];
    ++(final ? one.refusals : one.failures);
    if (one.refusals < most_refusals && one.failures < most_failures)
      waiting_.push_back(which);
    else
      ++left_out_;
  }

  static constexpr int most_refusals = 8;
  static constexpr int most_failures = 60;

  /// Some of what was found, in the order of each stream.
  std::vector<wire::raw_event> take() {
    const auto count = std::min(found_.size(), most_taken);
    const auto end = found_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<wire::raw_event> taken{std::make_move_iterator(found_.begin()),
                                       std::make_move_iterator(end)};
    found_.erase(found_.begin(), end);
    return taken;
  }

  /// Nothing is left to ask for, to come or to take.
  bool done() const noexcept { return waiting_.empty() && asked_ == 0 && found_.empty(); }

  std::size_t streams() const noexcept { return all_.size(); }
  /// Streams whose history is not read, or not to its end.
  std::size_t left_out() const noexcept { return left_out_; }

private:
  struct stream {
    std::string stream;
    history_pages pages;
    int refusals = 0;
    int failures = 0;
  };

  static constexpr std::size_t most_at_once = 8;
  /// Messages of one stream.
  static constexpr std::size_t longest = 5'000;
  /// Messages found and not taken, beyond which nothing is asked for.
  static constexpr std::size_t most_held = 2'000;
  static constexpr std::size_t most_taken = 500;

  std::chrono::system_clock::time_point since_;
  std::size_t most_;
  std::vector<stream> all_;
  std::unordered_set<std::string> known_;
  std::deque<std::size_t> waiting_;
  std::size_t asked_ = 0;
  std::deque<wire::raw_event> found_;
  std::size_t left_out_ = 0;
};

} // namespace tutti
