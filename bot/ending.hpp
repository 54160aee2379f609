// Ends the parts of a bot one after the other, all within one deadline.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Remembers by name what did not end in time.
class ending {
public:
  using clock = std::chrono::steady_clock;

  ending(caf::actor_system& system, clock::time_point until) : self_(system), until_(until) {}

  /// Past the deadline each part still gets a moment, for most need no more; all of them together
  /// half a second.
  clock::time_point until() const {
    return std::min(std::max(until_, clock::now() + std::chrono::milliseconds{50}),
                    until_ + std::chrono::milliseconds{500});
  }

  /// Ends one actor and waits until it has.
  template <class Handle>
  void end(const Handle& handle, const std::string& name) {
    if (!handle)
      return;
    self_->monitor(handle);
    self_->send_exit(handle, caf::exit_reason::user_shutdown);
    auto gone = false;
    self_->receive_while([&] { return !gone; })(
        // Late news of one that was left behind counts for nothing.
        [&](const caf::down_msg& down) { gone = down.source == handle.address(); },
        caf::after(std::max(until() - clock::now(), clock::duration{0})) >>
            [&] {
              left_behind(name);
              gone = true;
            });
  }

  void left_behind(const std::string& what) {
    if (left_.find(what) == left_.npos) // Once is enough for a crowd.
      left_ += (left_.empty() ? "" : ", ") + what;
  }

  /// What did not end, for people; empty: all has.
  const std::string& left() const noexcept { return left_; }

  caf::scoped_actor& self() noexcept { return self_; }

private:
  caf::scoped_actor self_;
  clock::time_point until_;
  std::string left_;
};

} // namespace tutti
