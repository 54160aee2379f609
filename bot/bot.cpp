// The composition root: loop, core and plugins of one bot.
#include <tutti/bot.hpp>

#include <actors/http/pool.hpp>
#include <actors/loop/loop.hpp>
#include <actors/spawn.hpp>
#include <bot/counter.hpp>
#include <bot/flaw.hpp>
#include <bot/flock.hpp>
#include <bot/logging.hpp>
#include <bot/trust.hpp>
#include <plugins/loader.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace tutti {

namespace {

struct own_system_config : caf::actor_system_config {
  own_system_config() { configure(*this); }
};

} // namespace

void configure(caf::actor_system_config& host) {
  // Work stealing, CAF's default, burns CPU while idle; sharing sleeps.
  if (!caf::get_if<caf::atom_value>(&host, "scheduler.policy"))
    host.set("scheduler.policy", caf::atom("sharing"));
  host.add_error_category(caf::detail::error_factory<errc>::category,
                          [](std::uint8_t code, caf::atom_value, const caf::message& context) {
                            auto text = std::string{to_string(static_cast<errc>(code))};
                            if (!context.empty() && context.match_element<std::string>(0))
                              text.append(": ").append(context.get_as<std::string>(0));
                            return text;
                          });
}

class bot::state {
public:
  state(config given, core_factories own, std::shared_ptr<log_sink> sink, caf::actor_system* host)
      : settings(std::move(given)), replacements(std::move(own)),
        log(sink ? std::move(sink) : stderr_sink(settings.log), "bot"), plugins(life) {
    if (!host) {
      own_system.emplace(own_config);
      host = &*own_system;
    }
    system = host;
    callbacks = std::make_shared<jobs>(*system, log);
    callbacks->close(); // Until the start.
  }

  ~state() { stop(); }

  // -- start ----------------------------------------------------------------------

  result<void> start(bot& self) {
    if (running)
      return {};
    if (auto wrong = flaw(settings))
      return *wrong;
    if (auto ready = plugins.prepare(settings, log); !ready)
      return ready;
    auto tls = tls_for(settings);
    if (!tls)
      return tls.error();
    trust = *tls;
    tell_what_has_no_effect();
    running.emplace(*system);
    conversations.open();
    supervisors.open();
    keep_directory();
    life->board.enter(health_state::starting);
    core fresh;
    try {
      spawn(fresh);
    } catch (const std::exception& error) { // A replacement could not be made.
      use(fresh);                           // What there is of it, for stop() to end.
      stop();
      return failure{
          errc::internal, std::string{"the core could not be made: "} + error.what(), 0, {}};
    }
    use(fresh);
    auto jobs_of_this_run = std::make_shared<jobs>(*system, log);
    {
      auto guard = std::lock_guard{lock};
      callbacks = std::move(jobs_of_this_run);
    }
    ask_at->open(spawn_asker(*system, running->unit(), longest_patience(), life));
    watch(fresh);
    start_pulse(fresh);
    auto started = first_login(fresh);
    if (started)
      started = plugins.start(self);
    if (!started)
      stop();
    return started;
  }

  void stop() noexcept {
    if (!running)
      return;
    life->board.enter(health_state::stopping);
    // One for all that is asked and awaited here: each such actor wakes CAF's clock at its end.
    auto self = caf::scoped_actor{*system};
    // First: from here on nobody makes a new core.
    end(self, std::exchange(guardian, nullptr));
    end(self, take_pulse());
    life->board.listen(nullptr);
    plugins.stop();
    auto last = handles();
    let_end(self, last);
    end_all(self, conversations);
    end_all(self, supervisors);
    end(self, ask_at->asker());
    ask_at->open(nullptr);
    use({});
    // Top down: who asks ends before who answers, and every asker hears of it.
    each_core_member_top_down(
        [&](const char*, auto member) { end(self, std::exchange(last.*member, nullptr)); });
    runner()->close();
    running.reset();
    keeper.reset();
    life->board.enter(health_state::stopped);
  }

  // -- from any thread ----------------------------------------------------------------

  core handles() const {
    auto guard = std::lock_guard{lock};
    return current;
  }

  std::shared_ptr<jobs> runner() const {
    auto guard = std::lock_guard{lock};
    return callbacks;
  }

  config settings;
  core_factories replacements;
  logger log;
  std::shared_ptr<vitals> life = std::make_shared<vitals>();
  own_system_config own_config;
  std::optional<caf::actor_system> own_system;
  caf::actor_system* system = nullptr;
  http::tls_context trust;
  const std::shared_ptr<directory> known = std::make_shared<directory>(settings.im.directory);
  std::optional<loop> running;
  std::optional<directory_keeper> keeper;
  plugins::loader plugins;
  std::shared_ptr<counter> ask_at = std::make_shared<counter>();
  flock conversations{flock::hold::weak};
  flock supervisors{flock::hold::strong};
  std::function<void(const failure&)> core_lost;

private:
  void spawn(core& into) {
    spawn_core(into,
               {*system, running->unit(),
                http::make_pool(running->io(), settings.hosts, settings.http, trust), known, life},
               settings, replacements, log);
  }

  void keep_directory() {
    if (settings.im.directory.path.empty())
      return;
    const auto& pod = settings.host_of(service::pod);
    keeper.emplace(known, settings.im.directory.path,
                   pod.host + ":" + std::to_string(pod.port) + pod.context + " " +
                       settings.bot.username,
                   settings.im.directory.capacity, log.with("directory"));
  }

  void use(const core& fresh) {
    auto guard = std::lock_guard{lock};
    current = fresh;
  }

  /// Of a question that brings no deadline, should its actor never answer.
  std::chrono::milliseconds longest_patience() const {
    auto longest = settings.im.timeout;
    for (const auto& host : settings.hosts)
      longest = std::max(longest, host.read_timeout);
    return longest + std::chrono::seconds{1};
  }

  // -- looking after itself --------------------------------------------------------------

  void watch(const core& first) {
    guarded_core what;
    what.handles = first;
    what.make = [this] {
      core fresh;
      try {
        spawn(fresh);
      } catch (...) { // Those that were made by then must not be left behind.
        use(fresh);
        throw;
      }
      return fresh;
    };
    what.use = [this](const core& fresh) {
      use(fresh);
      start_pulse(fresh);
      for (const auto& each : supervisors.living())
        caf::anon_send(each, make_anew{});
    };
    what.give_up = [this](const failure& why) {
      if (core_lost) // As a job: it may stop the bot, which waits for the guard.
        runner()->run([report = core_lost, why] { report(why); });
    };
    guardian = spawn_guard(*system, std::move(what), log, life);
  }

  void start_pulse(const core& whom) {
    if (settings.life.probe_interval.count() == 0)
      return;
    auto guard = std::lock_guard{lock};
    if (pulse)
      caf::anon_send_exit(pulse, caf::exit_reason::user_shutdown);
    pulse = spawn_pulse(*system, whom, settings.life.probe_interval, life);
  }

  caf::actor take_pulse() {
    auto guard = std::lock_guard{lock};
    return std::exchange(pulse, nullptr);
  }

  result<void> first_login(const core& whom) {
    if (settings.life.start != start_policy::fail)
      return {};
    result<void> outcome;
    caf::scoped_actor self{*system};
    self->request(whom.auth, caf::infinite, whoami{})
        .receive([](const caller_info&) {},
                 [&](const caf::error& error) { outcome = to_failure(error); });
    return outcome;
  }

  void tell_what_has_no_effect() const {
    if (settings.without_effect.empty())
      return;
    std::string keys;
    for (const auto& each : settings.without_effect)
      keys += (keys.empty() ? "" : ", ") + each;
    log.warn("keys_without_effect", {{"file", settings.origin}, {"keys", keys}});
  }

  // -- the end -----------------------------------------------------------------------------

  /// What is under way gets the grace period; im first, which uses http.
  void let_end(caf::scoped_actor& self, const core& last) {
    auto until = std::chrono::steady_clock::now() + settings.life.stop_grace;
    if (last.im && !replacements.im)
      drain_one(self, last.im, until);
    if (last.http && !replacements.http)
      drain_one(self, last.http, until);
  }

  template <class Handle>
  void drain_one(caf::scoped_actor& self, const Handle& whom,
                 std::chrono::steady_clock::time_point until) {
    auto left =
        std::max(until - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration{0});
    self->request(caf::actor_cast<drain_actor>(whom), left, drain{})
        .receive([](drained) {}, [](const caf::error&) {});
  }

  void end_all(caf::scoped_actor& self, flock& all) {
    for (const auto& each : all.close())
      end(self, each);
  }

  /// Ends one actor and waits until it has.
  template <class Handle>
  void end(caf::scoped_actor& self, const Handle& handle) {
    if (!handle)
      return;
    self->monitor(handle);
    self->send_exit(handle, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
  }

  mutable std::mutex lock;
  core current;
  std::shared_ptr<jobs> callbacks;
  caf::actor pulse;
  caf::actor guardian;
};

bot::bot(config settings, core_factories replacements, std::shared_ptr<log_sink> sink)
    : state_(std::make_unique<state>(std::move(settings), std::move(replacements), std::move(sink),
                                     nullptr)) {}

bot::bot(caf::actor_system& host, config settings, core_factories replacements,
         std::shared_ptr<log_sink> sink)
    : state_(std::make_unique<state>(std::move(settings), std::move(replacements), std::move(sink),
                                     &host)) {}

bot::~bot() = default;

result<void> bot::start() {
  return state_->start(*this);
}

void bot::stop() noexcept {
  state_->stop();
}

core bot::handles() const {
  return state_->handles();
}

caf::actor_system& bot::system() noexcept {
  return *state_->system;
}

caf::strong_actor_ptr bot::plugin_actor(std::string_view name) const {
  return state_->plugins.actor(name);
}

std::optional<stream_id> bot::find_im(std::span<const user_id> users, const identity& as,
                                      im_form form) const {
  auto& known = *state_->known;
  auto own = as.is_bot() ? known.caller() : std::optional{as.user()};
  if (!own)
    return std::nullopt; // Nothing can be known before the first login.
  auto set = participant_set::make(form, users, *own, multi_party::allow);
  auto& life = *state_->life;
  life.directory_reads.fetch_add(1, std::memory_order_relaxed);
  auto found = set ? known.find(im_key{as, form, std::move(*set)}, std::chrono::steady_clock::now())
                   : std::nullopt;
  if (found)
    life.directory_reads_hit.fetch_add(1, std::memory_order_relaxed);
  return found;
}

health bot::health() const {
  return state_->life->board.look();
}

metrics bot::metrics() const {
  return read_metrics(*state_->life, *state_->known, state_->settings);
}

void bot::on_core_lost(std::function<void(const failure&)> report) {
  state_->core_lost = std::move(report);
}

void bot::look_after(const conversation_actor& started) {
  state_->conversations.add(caf::actor_cast<caf::actor>(started));
}

caf::actor bot::supervise_any(std::string name,
                              std::function<caf::actor(caf::actor_system&, const core&)> make) {
  auto* whole = state_.get();
  if (!whole->ask_at->asker())
    throw std::logic_error{"bot::supervise: the bot is not started"};
  auto made = spawn_supervisor(
      *whole->system,
      {std::move(name),
       [whole, make = std::move(make)] { return make(*whole->system, whole->handles()); }},
      whole->log, whole->life);
  whole->supervisors.add(made);
  return made;
}

std::shared_ptr<detail::job_runner> bot::runner() const {
  return state_->runner();
}

void bot::launch(std::shared_ptr<detail::flying_call> call, detail::call_base& state) {
  auto asker = state_->ask_at->asker();
  if (!asker)
    return call->fail({errc::shutting_down, "the bot is not started", 0, {}});
  state.cancel_by([at = std::weak_ptr{state_->ask_at}, which = call.get()] {
    auto desk = at.lock();
    if (auto open = desk ? desk->asker() : nullptr)
      caf::anon_send(open, drop_call{which});
  });
  call->when_gone = [life = state_->life]() -> failure {
    auto now = life->board.look();
    if (now.state == health_state::stopping || now.state == health_state::stopped)
      return {errc::shutting_down, "the bot is stopping", 0, {}};
    for (const auto& each : now.troubles)
      if (each.what == lost_core_trouble)
        return {errc::internal, each.why, 0, "core"};
    return {errc::internal, "the core has crashed and is being made anew; ask again", 0, "core"};
  };
  caf::anon_send(asker, launch_call{std::make_shared<tutti::launch>(std::move(call))});
}

} // namespace tutti
