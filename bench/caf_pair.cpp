// What CAF itself costs: a request from one actor to another, and its answer.
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace tutti::bench {

namespace {

/// As large as what the core's actors ask each other for most.
struct question {
  std::int64_t number = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, question& x) {
  return f(caf::meta::type_name("question"), x.number);
}

using echo_actor = caf::typed_actor<caf::replies_to<question>::with<question>>;

echo_actor::behavior_type echo() {
  return {[](const question& asked) { return asked; }};
}

/// Asks `requests` times, with `in_flight` questions open at once.
class pair_asker final : public caf::event_based_actor {
public:
  pair_asker(caf::actor_config& cfg, echo_actor whom, const options& given,
             std::promise<void>* done)
      : caf::event_based_actor(cfg), whom_(std::move(whom)), left_(given.requests),
        open_(std::min(given.in_flight, given.requests)), done_(done) {}

protected:
  caf::behavior make_behavior() override {
    for (auto i = open_; i > 0; --i)
      ask();
    return {[](caf::unit_t) {}};
  }

private:
  void ask() {
    request(whom_, caf::infinite, question{--left_}).then([this](const question&) {
      if (left_ > 0)
        return ask();
      if (--open_ > 0)
        return;
      done_->set_value();
      quit();
    });
  }

  echo_actor whom_;
  std::int64_t left_;
  std::int64_t open_;
  std::promise<void>* done_;
};

} // namespace

void caf_pair(const options& given) {
  caf::actor_system_config settings;
  settings.set("scheduler.policy", caf::atom("sharing"));
  settings.set("scheduler.max-threads", 1);
  caf::actor_system system{settings};
  auto whom = system.spawn(echo);
  std::promise<void> done;
  meter used;
  system.spawn<pair_asker>(whom, given, &done);
  done.get_future().wait();
  fmt::print(R"({{"cpu_us":{:.4f}}})"
             "\n",
             used.stop().cpu_seconds * 1e6 / static_cast<double>(given.requests));
}

} // namespace tutti::bench
