// One step of a world: an actor's message, something that was planned, or time.
#pragma once

#include <tests/simulation/kit/chance.hpp>
#include <tests/simulation/kit/event_queue.hpp>

#include <tutti/testing/virtual_system.hpp>

#include <algorithm>

namespace tutti::simulation {

/// False when nothing will happen any more. `quiet()` is called before time passes; it answers
/// whether there is something to do before that.
template <class Quiet>
bool step(testing::virtual_system& sys, chance& luck, event_queue& events, Quiet quiet) {
  auto& clock = sys.scheduler().clock();
  auto& jobs = sys.scheduler().jobs;
  auto due = events.next();
  const bool plan_is_due = due && *due <= clock.now();
  if (!jobs.empty() && (!plan_is_due || luck.percent(70))) {
    auto chosen = jobs.begin() + static_cast<std::ptrdiff_t>(luck.below(jobs.size()));
    std::rotate(jobs.begin(), chosen, chosen + 1);
    sys.scheduler().run_once();
    return true;
  }
  if (plan_is_due)
    return events.step(clock.now());
  if (quiet())
    return true;
  const auto& timers = clock.schedule();
  if (!timers.empty() && (!due || timers.begin()->first < *due))
    due = timers.begin()->first;
  if (!due)
    return false;
  clock.advance_time(std::max(*due - clock.now(), event_queue::time_point::duration{0}));
  return true;
}

} // namespace tutti::simulation
