// Askers, crashes and the end of a bot; what must hold of every request.
#include <tests/simulation/opening/world.hpp>

#include <tests/simulation/kit/step.hpp>
#include <tests/simulation/kit/teardown.hpp>
#include <tests/simulation/opening/bulks.hpp>
#include <tests/simulation/opening/invariants.hpp>
#include <tests/simulation/opening/setup.hpp>

#include <algorithm>
#include <functional>

namespace tutti::simulation {

using namespace std::chrono_literals;
using time_point = event_queue::time_point;

namespace {

class world {
public:
  world(std::uint64_t seed, const key_halves& key, bool keep_trace)
      : luck_(seed), trace_(keep_trace, clock().now(), [this] { return clock().now(); }),
        calm_(luck_.percent(10)), many_(luck_.percent(50)),
        settings_(choose_settings(luck_, calm_, key)),
        wire_(
            luck_, events_, trace_, settings_, [this] { return clock().now(); },
            [this](std::string what) { object(std::move(what)); }) {
    people_ = populate(wire_.pod(), luck_, many_, key);
    if (many_) {
      settings_.app.id = "app";
      settings_.app.private_key.content = key.private_pem;
    }
    known_ = std::make_shared<directory>(settings_.im.directory);
    telemetry_->board.enter(health_state::starting);
    use(make_core());
    watch();
    if (luck_.percent(50))
      probe_ = spawn_health_probe(sys_.system, core_, 1s, telemetry_);
    plan();
  }

  ~world() {
    // A world that has failed may leave anything behind.
    sys_.system.await_actors_before_shutdown(report_.objections.empty());
    kill({supervisor_, probe_}); // First: they restart the core and ask again.
    kill(all_actors_);
    kill(bulks_.actors());
    for (auto& each : requests_)
      kill({each->asker});
  }

  report run() {
    while (report_.objections.empty() && !over_ && step())
      if (++report_.steps > 200'000)
        object("the world does not come to rest");
    if (report_.objections.empty())
      inspect_the_end();
    report_.trace = trace_.lines();
    report_.sent = wire_.sent();
    report_.requests = requests_.size();
    for (const auto& each : requests_) {
      report_.opened += each->opened ? 1 : 0;
      if (each->refused)
        ++report_.refused[each->refused->error];
    }
    return report_;
  }

private:
  caf::detail::test_actor_clock& clock() { return sys_.scheduler().clock(); }

  void object(std::string what) {
    trace_.add([&] { return "OBJECTION     " + what; });
    report_.objections.push_back(std::move(what));
  }

  void kill(const std::vector<caf::actor>& all) {
    for (const auto& each : all)
      if (each)
        caf::anon_send_exit(each, caf::exit_reason::kill);
    sys_.run();
  }

  // -- setup ----------------------------------------------------------------

  core make_core() {
    core fresh;
    spawn_core(
        fresh,
        {sys_.system, nullptr, wire_.make_client(), known_, telemetry_, luck_.below(1u << 30)},
        settings_, {}, {});
    std::apply(
        [&](auto... members) {
          (all_actors_.push_back(caf::actor_cast<caf::actor>(fresh.*members.handle)), ...);
        },
        core_members);
    return fresh;
  }

  void use(const core& fresh) { core_ = fresh; }

  void watch() {
    supervised_core what;
    what.handles = core_;
    what.make = [this] {
      trace_.add([] { return "world         restarts the core"; });
      return make_core();
    };
    what.use = [this](const core& fresh) { use(fresh); };
    what.give_up = [](const failure&) {};
    supervisor_ = spawn_core_supervisor(sys_.system, std::move(what), {}, telemetry_);
  }

  /// All that will happen beside what the core itself does.
  void plan() {
    auto count = 3 + luck_.below(20);
    auto crowd = luck_.percent(30); // All at once.
    for (std::size_t i = 0; i < count; ++i)
      events_.at(later(crowd ? 5ms : 15s), [this] { ask(); });
    for (int i = 0; i < 4; ++i)
      events_.at(later(15s), [this] { change_the_weather(); });
    change_the_weather();
    // Twice within one call would be a session refused after its renewal.
    for (auto i = luck_.below(calm_ ? 2 : 3); i > 0; --i)
      events_.at(later(15s), [this] {
        trace_.add([] { return "pod           ends all sessions"; });
        wire_.expire_sessions();
      });
    for (auto i = luck_.below(3); i > 0; --i)
      events_.at(later(15s), [this] { forget(); });
    for (auto i = luck_.percent(30) ? 1 + luck_.below(2) : 0; i > 0; --i)
      events_.at(later(15s), [this] { bulks_.ask(3s); });
    for (auto i = !calm_ && luck_.percent(15) ? 1 + luck_.below(2) : 0; i > 0; --i)
      events_.at(later(15s), [this] { crash(); });
    events_.at(!calm_ && luck_.percent(25) ? later(15s) : clock().now() + 120s, [this] { stop(); });
  }

  time_point later(std::chrono::microseconds most) { return clock().now() + luck_.up_to(most); }

  void change_the_weather() {
    auto percent = calm_ ? 0 : luck_.one_of({0U, 0U, 5U, 20U, 50U, 100U});
    wire_.set_slow(calm_ ? 0 : 5);
    trace_.add([&] { return "wire          " + std::to_string(percent) + " % goes wrong now"; });
    wire_.set_trouble(percent);
  }

  // -- askers -------------------------------------------------------------------------

  void ask() {
    auto one = std::make_shared<request>();
    one->number = requests_.size() + 1;
    auto& asked = one->asked;
    asked = any_request(luck_, people_, settings_);
    auto patience = asked.timeout.count() == 0 ? settings_.im.timeout : asked.timeout;
    one->due = clock().now() + patience;
    requests_.push_back(one);
    trace_.add([&] { return name_of(*one) + "asks for " + text_of(asked); });
    auto settle = [this, one](result<im_created> answer) { settled(*one, std::move(answer)); };
    if (luck_.percent(25)) {
      one->is_conversation = true;
      one->asker = caf::actor_cast<caf::actor>(
          sys_.system.spawn<talk>(conversation_start{core_.im, core_.messages, asked}, settle));
    } else {
      one->asker = sys_.system.spawn([im = core_.im, asked, settle](caf::event_based_actor* self) {
        self->request(im, caf::infinite, asked)
            .then([settle](const im_created& opened) { settle(opened); },
                  [settle](const caf::error& error) { settle(to_failure(error)); });
      });
      if (luck_.percent(15))
        events_.at(later(3s), [this, one] { take_back(*one); });
    }
    if (luck_.percent(10))
      events_.at(later(3s), [this, one] { end_asker(*one); });
  }

  void take_back(request& one) {
    if (one.answers > 0 || one.dead)
      return;
    trace_.add([&] { return name_of(one) + "takes its request back"; });
    one.taken_back = true;
    caf::anon_send(core_.im, cancel_im{one.asked.ticket});
  }

  void end_asker(request& one) {
    trace_.add([&] { return name_of(one) + "dies"; });
    one.dead = true;
    caf::anon_send_exit(one.asker, caf::exit_reason::kill);
  }

  void settled(request& one, result<im_created> answer) {
    trace_.add([&] {
      return name_of(one) + (answer ? "gets " + to_string(answer->stream) + " from the " +
                                          std::string{to_string(answer->origin)}
                                    : "is told " + to_string(answer.error()));
    });
    ++one.answers;
    if (answer)
      one.opened = *answer;
    else
      one.refused = answer.error();
    auto wrong = objection_to(one, {wire_.pod(), settings_, people_.bot, clock().now(), calm_,
                                    many_, crashed_, stopping_});
    if (!wrong.empty())
      object(name_of(one) + wrong);
  }

  // -- calamities -----------------------------------------------------------------------

  void forget() {
    forget_im what{luck_.one_of(people_.identities), {luck_.one_of(people_.users)}};
    caf::anon_send(core_.im, what);
  }

  void crash() {
    if (stopping_)
      return;
    auto which = luck_.below(std::tuple_size_v<decltype(core_members)>);
    std::size_t index = 0;
    std::apply(
        [&](auto... members) {
          auto hit = [&](const auto& handle) {
            if (index++ == which)
              caf::anon_send_exit(handle, caf::exit_reason::unhandled_exception);
          };
          (hit(core_.*members.handle), ...);
        },
        core_members);
    trace_.add([&] { return "world         core actor " + std::to_string(which) + " crashes"; });
    crashed_ = true;
  }

  // -- the end of the bot -----------------------------------------------------------------

  void stop() {
    trace_.add([] { return "world         stops the bot"; });
    stopping_ = true;
    telemetry_->board.enter(health_state::stopping);
    teardown_.then_end(supervisor_);
    teardown_.then_end(probe_);
    auto until = clock().now() + (luck_.percent(50) ? 5s : 0s);
    // By then the supervisor may have put another core in place.
    teardown_.then(
        [this, until] { return teardown::drain_one(sys_.system, events_, core_.im, until); });
    teardown_.then(
        [this, until] { return teardown::drain_one(sys_.system, events_, core_.http, until); });
    teardown_.then([this] {
      for (auto& each : requests_)
        if (each->is_conversation) {
          each->dead = true;
          caf::anon_send_exit(each->asker, caf::exit_reason::user_shutdown);
        }
      return teardown::is_reached{[] { return true; }};
    });
    each_core_member_top_down([&](const char*, auto member) { end_member(member); });
  }

  template <class Handle>
  void end_member(Handle core::*member) {
    teardown_.then([this, member] {
      return teardown::end(caf::actor_cast<caf::actor>(std::exchange(core_.*member, nullptr)));
    });
  }

  // -- one step ------------------------------------------------------------------------------

  /// False when nothing will happen any more.
  bool step() {
    if (stopping_)
      over_ = teardown_.go_on();
    return simulation::step(sys_, luck_, events_, [this] {
      if (stopping_ && teardown_.may_go_on())
        return true;
      inspect_while_all_is_quiet();
      return false;
    });
  }

  void inspect_while_all_is_quiet() {
    for (const auto& each : requests_)
      if (each->answers == 0 && !each->dead) {
        if (clock().now() > each->due + 20ms)
          object(name_of(*each) + "still waits after its deadline");
        if (each->taken_back)
          object(name_of(*each) + "was taken back and is not settled");
      }
    // That of the app, in whose session users log in, and what the health probe asks without one.
    auto logins = people_.identities.size() + 2;
    if (telemetry_->hosts[0].held.now() >
        settings_.http.max_in_flight + settings_.http.max_queued + logins)
      object("http holds more than its bound");
    if (telemetry_->waiting.now() == 0 && wire_.open_flights() > 0)
      object("a flight goes on although nobody waits for it");
  }

  void inspect_the_end() {
    sys_.run();
    if (!over_)
      object("the bot was never stopped");
    for (const auto& each : requests_)
      if (each->answers == 0 && !each->dead)
        object(name_of(*each) + "was never answered");
    if (wire_.open() > 0)
      object("exchanges are under way after the end");
    bulks_.inspect();
    if (telemetry_->hosts[0].held.now() != 0)
      object("http counts calls after its end");
    if (telemetry_->waiting.now() != 0 || telemetry_->flights_under_way.now() != 0)
      object("im counts askers or flights after its end");
    std::uint64_t settled = 0;
    for (const auto& each : telemetry_->opened)
      settled += each.now();
    for (const auto& each : telemetry_->not_opened)
      settled += each.now();
    if (settled > requests_.size() + bulks_.sets())
      object("im has settled more requests than there were");
    for (auto& each : requests_)
      each->asker = nullptr;
    kill(bulks_.release());
    all_actors_.clear();
    core_ = {};
    supervisor_ = probe_ = nullptr;
    teardown_ = {};
    if (auto left = sys_.system.registry().running(); left != 0)
      object(std::to_string(left) + " actors are left after the end");
  }

  testing::virtual_system sys_;
  chance luck_;
  event_queue events_;
  trace trace_;
  /// Nothing goes wrong but that sessions end: all is to go well.
  bool calm_;
  /// There is an app, and with it sessions on behalf of users.
  bool many_;
  config settings_;
  faulty_transport wire_;
  std::shared_ptr<directory> known_;
  std::shared_ptr<telemetry> telemetry_ = std::make_shared<telemetry>();
  people people_;
  core core_;
  std::vector<caf::actor> all_actors_;
  caf::actor supervisor_;
  caf::actor probe_;
  std::vector<std::shared_ptr<request>> requests_;
  bulks bulks_{{sys_, luck_, events_, trace_, people_, core_,
                [this](std::string what) { object(std::move(what)); }}};
  bool crashed_ = false;
  bool stopping_ = false;
  bool over_ = false;
  teardown teardown_;
  report report_;
};

} // namespace

report ask_for_ims(std::uint64_t seed, const key_halves& key, bool keep_trace) {
  return world{seed, key, keep_trace}.run();
}

} // namespace tutti::simulation
