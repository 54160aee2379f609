#include <tutti/testing/virtual_system.hpp>

#include <actors/requests/tick.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

struct seen {
  std::size_t most_ticks = 0;
  int late = 0;
};

using keeper_actor = caf::typed_actor<caf::reacts_to<std::int64_t>, caf::reacts_to<tick>>;

/// Keeps a deadline so many milliseconds ahead for each number it is sent.
class keeper final : public keeper_actor::base {
public:
  keeper(caf::actor_config& cfg, std::shared_ptr<seen> log)
      : keeper_actor::base(cfg), log_(std::move(log)) {}

  behavior_type make_behavior() override {
    return {
        [this](std::int64_t ahead) {
          deadlines_.keep(this, system().clock().now() + std::chrono::milliseconds{ahead}, 0);
          log_->most_ticks = std::max(log_->most_ticks, deadlines_.ticks());
        },
        [this](tick) {
          deadlines_.on_tick(this, system().clock().now(), [this](auto) { ++log_->late; });
        },
    };
  }

private:
  std::shared_ptr<seen> log_;
  ticking_timers deadlines_;
};

TEST(ticking_timers, ticks_do_not_pile_up_behind_a_long_deadline) {
  virtual_system sys;
  auto log = std::make_shared<seen>();
  auto actor = sys.system.spawn<keeper>(log);
  caf::anon_send(actor, std::int64_t{7'000});
  for (int i = 0; i < 100; ++i) {
    caf::anon_send(actor, std::int64_t{20});
    sys.run();
    sys.advance(50ms);
  }
  EXPECT_EQ(log->late, 100);
  EXPECT_LE(log->most_ticks, 2U);
  sys.advance(3s);
  EXPECT_EQ(log->late, 101);
  sys.kill(actor);
}

} // namespace
