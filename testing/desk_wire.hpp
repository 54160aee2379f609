// Between a bot at a desk and its pod: each request is answered in its turn, reads of a feed when
// there is something to read.
#pragma once

#include <emulator/emulator.hpp>
#include <emulator/routes/routes.hpp>

#include <tutti/detail/virtual_bot.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti::testing {

class desk_wire final : public tutti::detail::virtual_wire {
public:
  using clock_time = std::chrono::steady_clock::time_point;

  /// `now`: the desk's clock.
  explicit desk_wire(std::function<clock_time()> now);

  void send(std::uint64_t which, tutti::detail::wire_request what, answered done) override;
  void cancel(std::uint64_t which) override;

  /// Answers what is to be answered now; false when that was nothing.
  bool step();
  /// When the next read of a feed ends by itself.
  std::optional<clock_time> next() const;
  /// No answer is waited for any more.
  void drop_all();

  emulator::pod& pod() noexcept { return pod_; }
  emulator::time_point time() const;

  /// What goes wrong with the next requests whose path contains `part`.
  struct trouble {
    std::string part;
    /// How many of them.
    int count = 1;
    /// Whether the pod carries them out.
    bool acts = false;
    /// What the bot gets; nothing: no answer at all.
    std::optional<result<http_response>> answer;
    /// The bot is killed then.
    bool kills = false;
  };
  /// It is to be killed.
  bool kills = false;

  void plan(trouble what) { troubles_.push_back(std::move(what)); }
  void end_troubles() { troubles_.clear(); }

  /// How many requests whose path contains `part` have come.
  int count(std::string_view part) const;

private:
  struct open_request {
    tutti::detail::wire_request what;
    answered done;
    /// Of a read that waits for events: when it ends without.
    std::optional<clock_time> held_until;
    /// It gets no answer.
    bool silent = false;
  };

  emulator::reply ask_pod(const tutti::detail::wire_request& what, bool may_wait);
  std::optional<result<http_response>> answer_to(open_request& one);
  bool has_news(const std::string& target) const;
  trouble* trouble_for(const std::string& target);

  std::function<clock_time()> now_;
  clock_time start_;
  emulator::time_point began_ = std::chrono::system_clock::now();
  emulator::pod pod_;
  std::vector<emulator::route> routes_ = emulator::pod_routes();
  std::vector<trouble> troubles_;
  std::vector<std::string> seen_;
  std::map<std::uint64_t, open_request> open_;
  std::deque<std::uint64_t> fresh_;
};

} // namespace tutti::testing
