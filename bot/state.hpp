// What a bot is made of, from its start to its end.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/detail/virtual_bot.hpp>

#include <actors/loop/loop.hpp>
#include <actors/spawn.hpp>
#include <bot/actor_group.hpp>
#include <bot/asker_slot.hpp>
#include <bot/ending.hpp>
#include <bot/hearing/hearing.hpp>
#include <plugins/loader.hpp>
#include <transport/tls/tls.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/defaults.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace tutti {

struct detail::bot_access {
  static bot::state& state_of(bot& one) noexcept;
};

struct own_system_config : caf::actor_system_config {
  own_system_config() { configure(*this); }

  /// Its workers, and its clock.
  std::size_t threads() const {
    return caf::get_or(*this, "scheduler.max-threads", caf::defaults::scheduler::max_threads) + 1;
  }
};

/// The parts of one bot. Started and stopped by one thread at a time; see bot.hpp.
class bot::state {
public:
  state(config given, core_factories own, std::shared_ptr<log_sink> sink, caf::actor_system* host);
  ~state() { stop(); }

  result<void> start(bot& self);

  /// False when something was left behind.
  bool stop() noexcept;

  /// What its author has registered; throws std::logic_error once it has been started.
  hearing& heard_by(bot& self);

  /// Of a virtual bot: in the place of `stop`.
  void end_virtually() noexcept;

  /// The host's or an own one; its threads start here.
  result<void> make_system();

  /// Whether this thread serves the bot itself: its end would have to wait for itself.
  bool served_here() const noexcept;

  // -- from any thread ----------------------------------------------------------------

  core handles() const;
  std::shared_ptr<jobs> runner() const;

  config settings;
  core_factories replacements;
  std::shared_ptr<log_sink> sink;
  logger log;
  std::shared_ptr<telemetry> life = std::make_shared<telemetry>();
  own_system_config own_config;
  std::optional<caf::actor_system> own_system;
  caf::actor_system* system = nullptr;
  /// Of a bot in a test: its core lives on CAF's scheduler, which the test drives.
  std::optional<detail::virtual_ground> ground;
  std::shared_ptr<loop_unit> unit() const { return ground ? nullptr : running->unit(); }
  transport::tls_context trust;
  const std::shared_ptr<directory> known = std::make_shared<directory>(settings.im.directory);
  std::optional<loop> running;
  std::optional<directory_keeper> keeper;
  plugins::loader plugins;
  std::shared_ptr<asker_slot> ask_at = std::make_shared<asker_slot>();
  actor_group conversations{actor_group::hold::weak};
  actor_group supervisors{actor_group::hold::strong};
  std::function<void(const failure&)> core_lost;
  /// Null when no handler is registered.
  std::shared_ptr<hearing> heard;
  /// Whether one is: known once the bot starts.
  std::atomic<bool> hears{false};
  std::shared_ptr<event_store> journal = make_memory_store();
  std::atomic<bool> ever_started{false};
  /// Why it cannot start at all.
  std::optional<failure> wrong;
  /// Something of it did not end: nothing it uses may go.
  bool left_behind = false;

private:
  /// Of the grace period, for what comes after drain and plugins.
  std::chrono::milliseconds reserve() const;

  result<void> begin(bot& self);
  void spawn(core& into);
  void keep_directory();
  result<void> let_plugins_hear(bot& self);
  result<void> open_journal();
  void use(const core& fresh);
  /// Of a question that brings no deadline, should its actor never answer.
  std::chrono::milliseconds longest_patience() const;
  void watch(const core& first);
  void start_probe(const core& whom);
  result<void> first_login(const core& whom);
  void log_what_has_no_effect() const;
  void log_dangers() const;

  caf::actor take_probe();
  /// Before plugins stop: their handlers use them.
  void drain_hearing(caf::scoped_actor& self, const core& last, ending::clock::time_point until);
  /// im first, which uses http.
  void drain_core(caf::scoped_actor& self, const core& last, ending::clock::time_point until);

  mutable std::mutex lock;
  core current;
  std::shared_ptr<jobs> callbacks;
  caf::actor probe;
  caf::actor supervisor;
};

inline bot::state& detail::bot_access::state_of(bot& one) noexcept {
  return *one.state_;
}

} // namespace tutti
