// The end of a bot as `bot::stop` brings it about: one step after the other, each waited for.
#pragma once

#include <tests/simulation/kit/event_queue.hpp>

#include <actors/requests/drain.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace tutti::simulation {

class teardown {
public:
  using is_reached = std::function<bool()>;

  /// A step; it answers how to see that it has been done.
  void then(std::function<is_reached()> step) { steps_.push_back(std::move(step)); }

  /// That actor ends.
  void then_end(const caf::actor& whom) {
    then([whom] { return end(whom); });
  }

  /// That actor lets what it has under way end, until then at the latest.
  template <class Handle>
  static is_reached drain_one(caf::actor_system& system, event_queue& events, const Handle& whom,
                              event_queue::time_point until) {
    auto done = std::make_shared<bool>(false);
    system.spawn([=, whom = caf::actor_cast<drain_actor>(whom)](caf::event_based_actor* self) {
      self->request(whom, caf::infinite, drain{})
          .then([done](drained) { *done = true; }, [done](const caf::error&) { *done = true; });
    });
    events.at(until, [done] { *done = true; });
    return [done] { return *done; };
  }

  static is_reached end(const caf::actor& whom) {
    if (!whom)
      return [] { return true; };
    caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
    return [whom] {
      return caf::actor_cast<caf::abstract_actor*>(whom)->getf(
          caf::abstract_actor::is_terminated_flag);
    };
  }

  /// Begins the next step when the last one has been done; true when there is none left.
  bool go_on() {
    if (current_ && !current_())
      return false;
    if (next_ == steps_.size())
      return true;
    current_ = steps_[next_++]();
    return false;
  }

  /// Whether the next step could begin.
  bool may_go_on() const { return current_ && current_(); }

private:
  std::vector<std::function<is_reached()>> steps_;
  std::size_t next_ = 0;
  is_reached current_;
};

} // namespace tutti::simulation
