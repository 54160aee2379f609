#include <tests/simulation/hearing/world.hpp>

#include <tests/simulation/hearing/handlers.hpp>
#include <tests/simulation/hearing/hostile_store.hpp>
#include <tests/simulation/kit/step.hpp>
#include <tests/simulation/wire/faulty_transport.hpp>

#include <actors/spawn.hpp>
#include <emulator/control/people.hpp>

#include <simdjson.h>

#include <algorithm>

namespace tutti::simulation {

using namespace std::chrono_literals;

namespace {

class hearing_world {
public:
  hearing_world(std::uint64_t seed, const key_halves& key, bool keep_trace)
      : luck_(seed), trace_(keep_trace, clock().now(), [this] { return clock().now(); }),
        settings_(settings_of(key)),
        wire_(
            luck_, events_, trace_, settings_, [this] { return clock().now(); },
            [this](std::string what) { object(std::move(what)); }) {
    people_ = populate(wire_.pod(), luck_, false, key);
    make_places();
    wire_.set_slowest(1'500ms);
    wire_.watch([this](const auto& target, const auto& body, const auto& said) {
      on_act(target, body, said);
    });
    begin_process();
    plan();
  }

  ~hearing_world() {
    sys_.system.await_actors_before_shutdown(report_.objections.empty());
    end_process();
  }

  report run() {
    while (report_.objections.empty() && !over_ && one_step())
      if (++report_.steps > 500'000)
        object("the world does not come to rest");
    if (report_.objections.empty())
      inspect_the_end();
    report_.trace = trace_.lines();
    report_.sent = wire_.sent();
    report_.said = said_.size();
    return report_;
  }

private:
  caf::detail::test_actor_clock& clock() { return sys_.scheduler().clock(); }

  void object(std::string what) {
    trace_.add([&] { return "OBJECTION     " + what; });
    report_.objections.push_back(std::move(what));
  }

  // -- setup ------------------------------------------------------------------------------

  config settings_of(const key_halves& key) {
    config made;
    made.hosts.fill({"http", "pod", 80, ""});
    for (auto& host : made.hosts)
      host.read_timeout = 20s;
    made.bot = {"bot", "", key.private_pem};
    made.retry.max_attempts = luck_.one_of({1, 3, 10});
    made.retry.initial_interval = luck_.one_of({10ms, 500ms});
    made.http.max_in_flight = luck_.one_of({2U, 4U, 64U});
    made.events.window = luck_.one_of({1U, 3U, 1'000U});
    made.events.initial_interval = luck_.one_of({10ms, 500ms});
    made.life.probe_interval = 0ms;
    return made;
  }

  /// An IM of each person with the bot, and a room with all of them.
  void make_places() {
    auto& pod = wire_.pod();
    const auto now = wire_.pod_time();
    const auto bot = people_.bot.value();
    for (const auto* name : {"ann", "bob", "cid"}) {
      const auto& who = *pod.users.find(name);
      authors_.push_back(who.id);
      places_.push_back(std::get<std::string>(emulator::im_of(pod, who, {bot}, now)));
    }
    emulator::room wanted;
    wanted.name = wanted.description = "room";
    const auto& owner = pod.users.at(authors_.front());
    const auto* room =
        std::get<const emulator::room*>(pod.rooms.create(owner, std::move(wanted), now));
    for (auto each : {bot, authors_[1], authors_[2]})
      pod.rooms.add_member(owner, room->id, each, now);
    room_ = room->id;
  }

  core make_core() {
    core fresh;
    spawn_core(fresh,
               {sys_.system, nullptr, wire_.make_client(),
                std::make_shared<directory>(settings_.im.directory), telemetry_,
                luck_.below(1u << 30), listener_, store_},
               settings_, {}, {});
    std::apply(
        [&](auto... members) {
          (all_actors_.push_back(caf::actor_cast<caf::actor>(fresh.*members.handle)), ...);
        },
        core_members);
    return fresh;
  }

  void begin_process() {
    telemetry_ = std::make_shared<telemetry>();
    core_ = make_core();
    supervised_core what;
    what.handles = core_;
    what.make = [this] {
      trace_.add([] { return "world         restarts the core"; });
      return make_core();
    };
    what.use = [this](const core& fresh) { core_ = fresh; };
    what.give_up = [this](const failure&) { lost_core_ = true; };
    supervisor_ = spawn_core_supervisor(sys_.system, std::move(what), {}, telemetry_);
  }

  /// As by SIGKILL: what is in memory is gone.
  void end_process() {
    handlers_.forget();
    auto kill = [](const caf::actor& each) {
      if (each)
        caf::anon_send_exit(each, caf::exit_reason::kill);
    };
    kill(std::exchange(supervisor_, nullptr));
    sys_.run();
    for (const auto& each : std::exchange(all_actors_, {}))
      kill(each);
    core_ = {};
    sys_.run();
  }

  void restart_process() {
    trace_.add([] { return "world         kills the process, and starts another"; });
    end_process();
    lost_core_ = false;
    begin_process();
  }

  // -- the plan ---------------------------------------------------------------------------

  void plan() {
    const auto count = 3 + luck_.below(25);
    for (std::size_t i = 0; i < count; ++i)
      events_.at(later(trouble_ends), [this] { say(); });
    for (int i = 0; i < 5; ++i)
      events_.at(later(trouble_ends), [this] { change_the_weather(); });
    change_the_weather();
    for (auto i = luck_.below(3); i > 0; --i)
      events_.at(later(trouble_ends), [this] { wire_.expire_sessions(); });
    for (auto i = luck_.below(3); i > 0; --i)
      events_.at(later(trouble_ends), [this] { restart_process(); });
    for (auto i = luck_.percent(30) ? 1 : 0; i > 0; --i)
      events_.at(later(trouble_ends), [this] { crash(); });
    for (auto i = luck_.percent(30) ? 1 + luck_.below(2) : 0; i > 0; --i)
      events_.at(later(trouble_ends), [this] { lose_feeds(); });
    events_.at(clock().now() + trouble_ends, [this] { calm_down(); });
  }

  event_queue::time_point later(std::chrono::microseconds most) {
    return clock().now() + luck_.up_to(most);
  }

  void change_the_weather() {
    const auto percent = luck_.one_of({0U, 0U, 5U, 20U, 50U, 100U});
    wire_.set_trouble(percent);
    wire_.set_slow(5);
    wire_.set_feed_trouble(luck_.one_of({0U, 5U, 20U}));
    store_->set_trouble(luck_.one_of({0U, 0U, 0U, 20U, 100U}));
    handlers_.set_trouble(luck_.one_of({0U, 5U}));
    trace_.add([&] { return "wire          " + std::to_string(percent) + " % goes wrong now"; });
  }

  void calm_down() {
    trace_.add([] { return "world         is calm from now on"; });
    wire_.set_trouble(0);
    wire_.set_slow(0);
    wire_.set_feed_trouble(0);
    store_->set_trouble(0);
    handlers_.set_trouble(0);
    calm_ = true;
    if (lost_core_) // Its host starts it again.
      restart_process();
    events_.at(clock().now() + 30min, [this] { report_overdue(); });
  }

  void say() {
    auto& pod = wire_.pod();
    const auto which = luck_.below(authors_.size());
    const auto& who = pod.users.at(authors_[which]);
    const auto& where = luck_.percent(30) ? room_ : places_[which];
    const auto now = wire_.pod_time();
    const auto last = std::find_if(said_.rbegin(), said_.rend(), [&](const auto& each) {
      return each.author == who.id && each.stream == where;
    });
    if (last != said_.rend() && luck_.percent(10)) {
      emulator::draft what{pod.messages.as_markup("better", where)};
      what.typed = true;
      auto made = pod.messages.update(who, where, last->id, std::move(what), now);
      if (const auto* sent = std::get_if<const emulator::message*>(&made))
        pod.events.message_sent(**sent, now);
      wire_.wake();
      return;
    }
    auto made = emulator::say_as(pod, who, where, {pod.messages.as_markup("message", where)}, now);
    const auto* sent = std::get<const emulator::message*>(made);
    // What was said before the bot had a feed it need not hear.
    said_.push_back({sent->id, where, who.id, store_->has_feed()});
    trace_.add([&] { return who.username + " says " + sent->id + " in " + where; });
    wire_.wake();
  }

  void crash() {
    const auto which = luck_.below(std::tuple_size_v<decltype(core_members)>);
    std::size_t index = 0;
    std::apply(
        [&](auto... members) {
          auto hit = [&](const auto& handle) {
            if (index++ == which && handle)
              caf::anon_send_exit(handle, caf::exit_reason::unhandled_exception);
          };
          (hit(core_.*members.handle), ...);
        },
        core_members);
    trace_.add([&] { return "world         core actor " + std::to_string(which) + " crashes"; });
  }

  /// As after half an hour without a read.
  void lose_feeds() {
    auto& pod = wire_.pod();
    std::vector<std::string> ids;
    for (const auto* each : pod.feeds.of(people_.bot.value(), {}, wire_.pod_time()))
      ids.push_back(each->id);
    for (const auto& id : ids) {
      trace_.add([&] { return "pod           forgets feed " + id; });
      pod.feeds.remove(people_.bot.value(), id, wire_.pod_time());
    }
    wire_.wake();
  }

  // -- what must hold -----------------------------------------------------------------------

  /// Nothing is acknowledged that is not in the journal.
  void on_act(const std::string& target, const std::string& body, const emulator::reply& said) {
    if (!target.starts_with("/agent/v5/datafeeds/") || !target.ends_with("/read"))
      return;
    simdjson::dom::parser parser;
    std::string_view ack;
    if (!body.empty() && !parser.parse(body)["ackId"].get_string().get(ack))
      for (const auto& each : handed_out_[std::string{ack}])
        if (!store_->has(each))
          object(each + " is acknowledged and not in the journal");
    if (said.status != 200 || !said.waits_for.empty())
      return;
    simdjson::dom::parser answer;
    simdjson::dom::element all;
    if (answer.parse(said.body).get(all))
      return;
    auto& ids = handed_out_[std::string{std::string_view{all["ackId"]}}];
    for (auto each : all["events"].get_array()) {
      std::int64_t by = 0;
      std::string_view id;
      if (each["initiator"]["user"]["userId"].get_int64().get(by) ||
          each["messageId"].get_string().get(id) || by == people_.bot.value())
        continue;
      ids.emplace_back(id);
    }
  }

  bool all_answered() const {
    return std::none_of(said_.begin(), said_.end(),
                        [&](const auto& each) { return each.is_open(*store_); });
  }

  void report_overdue() {
    for (const auto& each : said_)
      if (each.is_open(*store_))
        object(each.id + " was said and is not handled half an hour after all went well again" +
               (store_->has(each.id) ? " (it is in the journal)" : " (it was never heard)"));
    over_ = true;
  }

  bool one_step() {
    return step(sys_, luck_, events_, [this] {
      if (calm_ && handlers_.idle() && all_answered())
        over_ = true;
      return over_;
    });
  }

  void inspect_the_end() {
    for (const auto& each : said_) {
      const auto wanted = answer_to(each.id);
      std::size_t found = 0;
      for (const auto* one : wire_.pod().messages.of(each.stream))
        found += one->text == wanted ? 1 : 0;
      if (found > 1)
        object(each.id + " is answered " + std::to_string(found) + " times");
      if (found == 0 && store_->has_ended(each.id) && !handlers_.was_given_up(each.id))
        object(each.id + " was handled and its answer is missing");
    }
    end_process();
    if (wire_.open() > 0)
      object("exchanges are under way after the end");
    if (auto left = sys_.system.registry().running(); left != 0)
      object(std::to_string(left) + " actors are left after the end");
  }

  struct said_message {
    std::string id;
    std::string stream;
    emulator::uid author;
    bool must_be_heard;

    bool is_open(const hostile_store& store) const {
      return (must_be_heard || store.has(id)) && !store.has_ended(id);
    }
  };

  static constexpr std::chrono::seconds trouble_ends{25};

  testing::virtual_system sys_;
  chance luck_;
  event_queue events_;
  trace trace_;
  config settings_;
  faulty_transport wire_;
  report report_;
  people people_;
  std::vector<emulator::uid> authors_;
  std::vector<std::string> places_;
  std::string room_;
  std::shared_ptr<hostile_store> store_ =
      std::make_shared<hostile_store>(luck_, events_, [this] { return clock().now(); });
  core core_;
  handlers handlers_{{sys_.system, luck_, events_, trace_, report_, *store_, core_,
                      [this] { return clock().now(); },
                      [this](std::string what) { object(std::move(what)); }}};
  std::shared_ptr<event_listener> listener_ = std::make_shared<to_handlers>(handlers_);
  std::shared_ptr<telemetry> telemetry_;
  std::vector<caf::actor> all_actors_;
  caf::actor supervisor_;
  std::vector<said_message> said_;
  /// By ackId: the messages of its batch.
  std::map<std::string, std::vector<std::string>> handed_out_;
  bool calm_ = false;
  bool lost_core_ = false;
  bool over_ = false;
};

} // namespace

report hear_people(std::uint64_t seed, const key_halves& key, bool keep_trace) {
  return hearing_world{seed, key, keep_trace}.run();
}

} // namespace tutti::simulation
