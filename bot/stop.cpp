// How a bot stops: who asks ends before who answers, all within one deadline.
#include <bot/state.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace tutti {

namespace {

/// Even without a grace period what ends by itself gets the time to do so on a busy machine.
constexpr std::chrono::milliseconds short_grace{1'000};
constexpr std::chrono::milliseconds shortest_end{2'000};
/// For what living messages show last.
constexpr std::chrono::milliseconds shortest_living{300};
/// As long as clocks can count with.
constexpr std::chrono::hours longest_end{24 * 365};

} // namespace

bool bot::state::stop() noexcept {
  if (running && running->unit()->here()) {
    log.error("stop_refused", {{"why", "stop() was called on the bot's I/O thread, which it would "
                                       "have to wait for; call it from another thread"}});
    return false;
  }
  if (plugins.stopped_while_starting()) {
    log.warn("stop_deferred", {{"why", "plugins are being started; the start fails after the one "
                                       "under way, and stops the bot"}});
    return false;
  }
  if (!running || left_behind)
    return !left_behind;
  if (ground) {
    end_virtually();
    return true;
  }
  life->board.enter(health_state::stopping);
  const auto began = ending::clock::now();
  const auto grace = std::min<std::chrono::milliseconds>(settings.life.stop_grace, longest_end);
  const auto until = began + (grace < short_grace ? shortest_end : grace);
  const auto grace_ends = began + grace - reserve();
  // One actor for all that is asked and awaited here: each wakes CAF's clock at its end.
  ending all{*system, until};
  // First: from here on no core is made.
  all.end(std::exchange(supervisor, nullptr), "the core supervisor");
  all.end(take_probe(), "the health probe");
  life->board.listen(nullptr);
  auto last = handles();
  drain_hearing(all.self(), last, grace_ends);
  heard->close();
  // Those whose handlers have not ended in time.
  heard->finish_living(std::max(grace_ends, ending::clock::now() + shortest_living));
  if (auto stuck = plugins.stop(until - short_grace / 2); !stuck.empty())
    all.left_behind(stuck);
  drain_core(all.self(), last, grace_ends);
  heard->end_actors();
  for (const auto& each : conversations.close())
    all.end(each, "a conversation");
  for (const auto& each : supervisors.close())
    all.end(each, "a supervised actor");
  auto jobs_of_this_run = runner();
  jobs_of_this_run->begin_end();
  all.end(ask_at->asker(), "asker");
  ask_at->open(nullptr);
  use({});
  // Top down: who asks ends before who answers, and every asker gets its failure.
  each_core_member_top_down([&](const char* name, auto member) {
    all.end(std::exchange(last.*member, nullptr), std::string{"core actor "} + name);
  });
  if (!jobs_of_this_run->close(all.until()))
    all.left_behind("a callback or coroutine");
  if (!running->end(all.until()))
    all.left_behind("an actor or a job on the I/O thread");
  if (keeper && !keeper->end(all.until()))
    all.left_behind("the directory's file");
  life->board.enter(health_state::stopped);
  left_behind = !all.left().empty();
  if (left_behind) {
    log.error("stop_incomplete",
              {{"left_behind", all.left()},
               {"why", "it did not end within life.stopGrace; its memory and threads stay"}});
    return false;
  }
  heard->forget_all();
  plugins.destroy(); // Nothing runs any more that may use them.
  running.reset();
  keeper.reset();
  journal = make_memory_store(); // Its file may be opened by another bot.
  return true;
}

std::chrono::milliseconds bot::state::reserve() const {
  return std::min(settings.life.stop_grace / 5, std::chrono::milliseconds{500});
}

caf::actor bot::state::take_probe() {
  auto guard = std::lock_guard{lock};
  return std::exchange(probe, nullptr);
}

namespace {

template <class Handle>
void drain_one(caf::scoped_actor& self, const Handle& whom, ending::clock::time_point until) {
  auto left = std::max(until - ending::clock::now(), ending::clock::duration{0});
  self->request(caf::actor_cast<drain_actor>(whom), left, drain{})
      .receive([](drained) {}, [](const caf::error&) {});
}

} // namespace

void bot::state::drain_hearing(caf::scoped_actor& self, const core& last,
                               ending::clock::time_point until) {
  // The feed first: its poll would keep http busy, and what it brings is not begun any more.
  if (last.datafeed && !replacements.datafeed)
    drain_one(self, last.datafeed, until);
  if (last.dispatch && !replacements.dispatch)
    drain_one(self, last.dispatch, until);
}

void bot::state::drain_core(caf::scoped_actor& self, const core& last,
                            ending::clock::time_point until) {
  if (last.im && !replacements.im)
    drain_one(self, last.im, until);
  if (last.http && !replacements.http)
    drain_one(self, last.http, until);
}

} // namespace tutti
