// How a bot starts: system, loop, core, plugins; and what it takes to make its core again.
#include <bot/state.hpp>

#include <actors/auth/login_prover.hpp>
#include <bot/logging.hpp>
#include <bot/threads.hpp>
#include <bot/tls_setup.hpp>
#include <bot/validate.hpp>
#include <bot/virtual/wire_client.hpp>
#include <bot/warnings.hpp>
#include <transport/pool.hpp>

#include <tutti/joined_failure.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace tutti {

bot::state::state(config given, core_factories own, std::shared_ptr<log_sink> sink,
                  caf::actor_system* host)
    : settings(std::move(given)), replacements(std::move(own)),
      sink(sink ? std::move(sink) : stderr_sink(settings.log)), log(this->sink, "bot"),
      system(host), plugins(life), callbacks(std::make_shared<jobs>(log)) {}

result<void> bot::state::start(bot& self) {
  try {
    return begin(self);
  } catch (const std::system_error& error) {
    stop();
    if (error.code() != std::errc::resource_unavailable_try_again)
      return failure{
          errc::internal, std::string{"the bot could not be started: "} + error.what(), 0, {}};
    return failure{errc::internal,
                   std::string{"a thread could not be started ("} + error.what() +
                       "); raise pids.max (systemd: TasksMax) or ulimit -u",
                   0, "threads"};
  }
}

result<void> bot::state::begin(bot& self) {
  if (left_behind)
    return failure{
        errc::internal,
        "this bot did not stop entirely (see stop_incomplete in the log); make a new one",
        0,
        {}};
  if (running)
    return {};
  if (wrong)
    return *wrong;
  if (auto flawed = flaw(settings))
    return *flawed;
  if (auto ready = plugins.prepare(settings, log); !ready)
    return ready;
  if (auto heard_too = let_plugins_hear(self); !heard_too)
    return heard_too;
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
  if (auto opened = open_journal(); !opened) {
    stop();
    return opened;
  }
  life->board.enter(health_state::starting);
  core fresh;
  try {
    spawn(fresh);
  } catch (const std::exception& error) { // A replacement could not be made.
    use(fresh);                           // What there is of it, for stop() to end.
    stop();
    return failure{
        errc::internal, std::string{"the core could not be made: "} + error.what(), 0, {}};
  } catch (...) { // What is no exception goes to the caller, but nothing is left behind.
    use(fresh);
    stop();
    throw;
  }
  use(fresh);
  auto jobs_of_this_run = std::make_shared<jobs>(*system, log);
  {
    auto guard = std::lock_guard{lock};
    callbacks = std::move(jobs_of_this_run);
  }
  ever_started = true;
  ask_at->open(spawn_ask_bridge(*system, unit(), longest_patience(), life));
  watch(fresh);
  start_probe(fresh);
  auto started = first_login(fresh);
  if (started)
    started = plugins.start();
  if (!started)
    stop();
  else
    heard->open();
  return started;
}

core bot::state::handles() const {
  auto guard = std::lock_guard{lock};
  return current;
}

std::shared_ptr<jobs> bot::state::runner() const {
  auto guard = std::lock_guard{lock};
  return callbacks;
}

bool bot::state::served_here() const noexcept {
  if (running && running->unit()->here())
    return true;
  return own_system && runner()->here();
}

result<void> bot::state::make_system() {
  auto guard = std::lock_guard{lock};
  if (system)
    return {};
  constexpr std::size_t own = 2; // The I/O loop's and the log's.
  auto wanted = own_config.threads() + own;
  if (auto given = threads_to_be_had(wanted); given < wanted)
    return failure{errc::internal,
                   "this process may start " + std::to_string(given) + " more threads, and a bot " +
                       "needs " + std::to_string(wanted) +
                       "; raise pids.max (systemd: TasksMax) or ulimit -u",
                   0, "threads"};
  // On a thread, so that nothing catches what CAF throws when it is refused a thread all the same:
  // that ends the process. Caught, its destructor would wait for ever for threads that do not run.
  std::thread{[this] { own_system.emplace(own_config); }}.join();
  system = &*own_system;
  return {};
}

void bot::state::spawn(core& into) {
  spawn_core(into,
             {*system, unit(),
              ground ? std::make_unique<wire_client>(ground->wire)
                     : transport::make_pool(running->io(), settings.hosts, settings.http, trust,
                                            {settings.tls, log.with("tls")}),
              known, life, ground ? 1 : std::random_device{}(), hears ? heard : nullptr, journal,
              ground ? ground->wall : wall_clock{std::chrono::system_clock::now}},
             settings, replacements, log);
}

hearing& bot::state::heard_by(bot& self) {
  if (running)
    throw std::logic_error{"bot: handlers are registered before start()"};
  if (!heard)
    heard = std::make_shared<hearing>(self, settings.commands);
  return *heard;
}

/// With a handler of theirs the bot reads its feed.
result<void> bot::state::let_plugins_hear(bot& self) {
  auto& all = heard_by(self);
  all.forget_all(); // Of a start that failed.
  auto done = plugins.hear(self, [&](auto alive) { all.add_for(std::move(alive)); });
  hears = all.wants_something();
  auto flaws = all.flaws();
  if (settings.datafeed.version == event_source::datahose && all.answers_people())
    flaws.push_back(
        {errc::misconfigured,
         "datafeed.version: datahose brings what people write to each other, which "
         "calls no command and answers no form: declare those in a bot with a feed of its own",
         0, "handler"});
  if (done && !flaws.empty())
    return joined(flaws);
  return done;
}

/// A file that cannot be worked with keeps the bot from starting.
result<void> bot::state::open_journal() {
  if (!hears)
    return {};
  heard->log_to(log.with("hearing"));
  const auto& pod = settings.host_of(service::pod);
  journal_rules rules{pod.host + ":" + std::to_string(pod.port) + pod.context + " " +
                          settings.bot.username,
                      std::chrono::ceil<std::chrono::minutes>(settings.journal.kept)};
  rules.newest = std::max(rules.newest, settings.datafeed.catch_up);
  journal = ground ? ground->journal
            : settings.journal.path.empty()
                ? make_memory_store(std::move(rules))
                : make_sqlite_store(settings.journal.path, std::move(rules));
  auto opened = std::make_shared<std::promise<result<void>>>();
  journal->open("start", [opened](const result<journal_contents>& found) {
    opened->set_value(found ? result<void>{} : found.error());
  });
  auto coming = opened->get_future();
  if (coming.wait_for(file_patience) != std::future_status::ready)
    return failure{errc::misconfigured, "journal.path: " + file_is_silent(settings.journal.path), 0,
                   "journal"};
  return coming.get();
}

void bot::state::keep_directory() {
  if (settings.im.directory.path.empty())
    return;
  const auto& pod = settings.host_of(service::pod);
  keeper.emplace(known, settings.im.directory,
                 pod.host + ":" + std::to_string(pod.port) + pod.context + " " +
                     settings.bot.username,
                 log.with("directory"));
  // A file in trouble is read later.
  constexpr std::chrono::milliseconds usual{200};
  keeper->wait_until_read(std::chrono::steady_clock::now() + usual);
}

void bot::state::use(const core& fresh) {
  auto guard = std::lock_guard{lock};
  current = fresh;
}

/// Of a question that brings no deadline, should its actor never answer.
std::chrono::milliseconds bot::state::longest_patience() const {
  auto longest = settings.im.timeout;
  for (const auto& host : settings.hosts)
    longest = std::max(longest, host.read_timeout);
  return longest + std::chrono::seconds{1};
}

// -- looking after itself --------------------------------------------------------------

void bot::state::watch(const core& first) {
  supervised_core what;
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
    start_probe(fresh);
    for (const auto& each : supervisors.living())
      caf::anon_send(each, restart_actor{});
  };
  what.give_up = [this](const failure& why) {
    if (core_lost) // As a job: it may stop the bot, which waits for the supervisor.
      runner()->run([report = core_lost, why] { report(why); });
  };
  supervisor = spawn_core_supervisor(*system, std::move(what), log, life);
}

void bot::state::start_probe(const core& whom) {
  if (settings.life.probe_interval.count() == 0)
    return;
  auto guard = std::lock_guard{lock};
  if (probe)
    caf::anon_send_exit(probe, caf::exit_reason::user_shutdown);
  probe = spawn_health_probe(*system, whom, settings.life.probe_interval, life);
}

result<void> bot::state::first_login(const core& whom) {
  if (settings.life.start != start_policy::fail)
    return {};
  result<void> outcome;
  caf::scoped_actor self{*system};
  self->request(whom.auth, caf::infinite, whoami{})
      .receive([](const caller_info&) {},
               [&](const caf::error& error) { outcome = to_failure(error); });
  return outcome;
}

void bot::state::log_what_has_no_effect() const {
  if (settings.without_effect.empty())
    return;
  std::string keys;
  for (const auto& each : settings.without_effect)
    keys += (keys.empty() ? "" : ", ") + each;
  log.warn("keys_without_effect", {{"file", settings.origin}, {"keys", keys}});
}

void bot::state::log_dangers() const {
  auto all = warnings(settings);
  auto of_plugins = plugins.warnings();
  all.insert(all.end(), of_plugins.begin(), of_plugins.end());
  for (const auto& each : all)
    log.with("security").warn("insecure", {{"why", each}});
}

} // namespace tutti
