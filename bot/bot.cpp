// The composition root: loop, core and plugins of one bot.
#include <tutti/bot.hpp>

#include <actors/http/pool.hpp>
#include <actors/loop/loop.hpp>
#include <actors/spawn.hpp>
#include <bot/counter.hpp>
#include <bot/ending.hpp>
#include <bot/flaw.hpp>
#include <bot/flock.hpp>
#include <bot/logging.hpp>
#include <bot/threads.hpp>
#include <bot/trust.hpp>
#include <bot/warnings.hpp>
#include <plugins/loader.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/defaults.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace tutti {

namespace {

struct own_system_config : caf::actor_system_config {
  own_system_config() { configure(*this); }

  /// Its workers, and its clock.
  std::size_t threads() const {
    return caf::get_or(*this, "scheduler.max-threads", caf::defaults::scheduler::max_threads) + 1;
  }
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
        sink(sink ? std::move(sink) : stderr_sink(settings.log)), log(this->sink, "bot"),
        system(host), plugins(life), callbacks(std::make_shared<jobs>(log)) {}

  ~state() { stop(); }

  // -- start ----------------------------------------------------------------------

  result<void> start(bot& self) {
    try {
      return begin(self);
    } catch (const std::system_error& error) {
      stop();
      return failure{errc::internal,
                     std::string{"a thread could not be started ("} + error.what() +
                         "); raise pids.max (systemd: TasksMax) or ulimit -u",
                     0, "threads"};
    }
  }

  result<void> begin(bot& self) {
    if (left_behind)
      return failure{
          errc::internal,
          "this bot did not stop entirely (see stop_incomplete in the log); make a new one",
          0,
          {}};
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
    log_what_has_no_effect();
    log_dangers();
    if (auto made = make_system(); !made)
      return made;
    running.emplace(*system, [log = log](const char* why) {
      log.error("handler_failed", {{"on", "the I/O loop"}, {"why", why}});
    });
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

  /// False when something was left behind.
  bool stop() noexcept {
    if (loop_unit::on_any_loop() && running) {
      log.error("stop_refused",
                {{"why", "stop() was called on the bot's I/O thread, which it would "
                         "have to wait for; call it from another thread"}});
      return false;
    }
    if (plugins.stopped_from_within())
      return false;
    if (!running || left_behind)
      return !left_behind;
    life->board.enter(health_state::stopping);
    const auto began = ending::clock::now();
    const auto grace = std::min<std::chrono::milliseconds>(settings.life.stop_grace, longest_end);
    const auto until = began + (grace < short_grace ? shortest_end : grace);
    const auto grace_ends = began + grace - reserve();
    // One actor for all that is asked and awaited here: each wakes CAF's clock at its end.
    ending all{*system, until};
    // First: from here on no core is made.
    all.end(std::exchange(guardian, nullptr), "guard");
    all.end(take_pulse(), "pulse");
    life->board.listen(nullptr);
    if (auto stuck = plugins.stop(until - short_grace / 2); !stuck.empty())
      all.left_behind(stuck);
    auto last = handles();
    let_end(all.self(), last, grace_ends);
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
      all.left_behind("a job on the I/O thread");
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
    running.reset();
    keeper.reset();
    return true;
  }

  /// The host's or an own one; its threads start here.
  result<void> make_system() {
    auto guard = std::lock_guard{lock};
    if (system)
      return {};
    constexpr std::size_t own = 2; // The I/O loop's and the log's.
    auto wanted = own_config.threads() + own;
    if (auto given = threads_to_be_had(wanted); given < wanted)
      return failure{errc::internal,
                     "this process may start " + std::to_string(given) +
                         " more threads, and a bot " + "needs " + std::to_string(wanted) +
                         "; raise pids.max (systemd: TasksMax) or ulimit -u",
                     0, "threads"};
    own_system.emplace(own_config);
    system = &*own_system;
    return {};
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
  std::shared_ptr<log_sink> sink;
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
  /// Something of it did not end: nothing it uses may go.
  bool left_behind = false;

private:
  /// Even without a grace period what ends by itself gets the time to do so on a busy machine.
  static constexpr std::chrono::milliseconds short_grace{1'000};
  static constexpr std::chrono::milliseconds shortest_end{2'000};
  /// As long as clocks can count with.
  static constexpr std::chrono::hours longest_end{24 * 365};

  /// Of the grace period, for what comes after drain and plugins.
  std::chrono::milliseconds reserve() const {
    return std::min(settings.life.stop_grace / 5, std::chrono::milliseconds{500});
  }

  void spawn(core& into) {
    spawn_core(into,
               {*system, running->unit(),
                http::make_pool(running->io(), settings.hosts, settings.http, trust,
                                {settings.tls, log.with("tls")}),
                known, life},
               settings, replacements, log);
  }

  void keep_directory() {
    if (settings.im.directory.path.empty())
      return;
    const auto& pod = settings.host_of(service::pod);
    keeper.emplace(known, settings.im.directory,
                   pod.host + ":" + std::to_string(pod.port) + pod.context + " " +
                       settings.bot.username,
                   log.with("directory"));
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

  void log_what_has_no_effect() const {
    if (settings.without_effect.empty())
      return;
    std::string keys;
    for (const auto& each : settings.without_effect)
      keys += (keys.empty() ? "" : ", ") + each;
    log.warn("keys_without_effect", {{"file", settings.origin}, {"keys", keys}});
  }

  void log_dangers() const {
    auto all = warnings(settings);
    auto of_plugins = plugins.warnings();
    all.insert(all.end(), of_plugins.begin(), of_plugins.end());
    for (const auto& each : all)
      log.with("security").warn("insecure", {{"why", each}});
  }

  // -- the end -----------------------------------------------------------------------------

  /// im first, which uses http.
  void let_end(caf::scoped_actor& self, const core& last, ending::clock::time_point until) {
    if (last.im && !replacements.im)
      drain_one(self, last.im, until);
    if (last.http && !replacements.http)
      drain_one(self, last.http, until);
  }

  template <class Handle>
  void drain_one(caf::scoped_actor& self, const Handle& whom, ending::clock::time_point until) {
    auto left = std::max(until - ending::clock::now(), ending::clock::duration{0});
    self->request(caf::actor_cast<drain_actor>(whom), left, drain{})
        .receive([](drained) {}, [](const caf::error&) {});
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

namespace {

/// Keeps for the rest of the process what threads that were left behind still use.
void keep_for_ever(std::shared_ptr<void> what) {
  static std::mutex lock;
  static auto& all = *new std::vector<std::shared_ptr<void>>; // NOLINT: never ends.
  auto guard = std::lock_guard{lock};
  all.push_back(std::move(what));
}

} // namespace

bot::~bot() {
  state_->stop();
  if (state_->left_behind)
    keep_for_ever(std::move(state_));
  // Here its own threads would have to wait for themselves.
  else if (loop_unit::on_any_loop() || (jobs::here() && state_->own_system))
    std::thread{[whole = std::move(state_)]() mutable {
      if (!whole->stop())
        keep_for_ever(std::move(whole));
    }}.detach();
}

result<void> bot::start() {
  return state_->start(*this);
}

bool bot::stop() noexcept {
  return state_->stop();
}

core bot::handles() const {
  return state_->handles();
}

caf::actor_system& bot::system() {
  if (auto made = state_->make_system(); !made)
    throw std::runtime_error{made.error().detail};
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
  auto now = state_->life->board.look();
  // Beside the others: it stands against no request, and so leaves the state as it is.
  if (auto lost = state_->sink->losses(); lost.now)
    now.troubles.push_back(
        {"log", lost.since,
         std::to_string(lost.lines) +
             " lines were dropped so far: the reader of the log does not keep up"});
  return now;
}

metrics bot::metrics() const {
  auto seen = read_metrics(*state_->life, *state_->known, state_->settings);
  seen.log_lines_dropped = state_->sink->losses().lines;
  return seen;
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
