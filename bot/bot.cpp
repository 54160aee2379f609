// The composition root: loop, core and plugins of one bot.
#include <tutti/bot.hpp>

#include <actors/http/pool.hpp>
#include <actors/loop/loop.hpp>
#include <actors/spawn.hpp>
#include <bot/flaw.hpp>
#include <bot/logging.hpp>
#include <bot/trust.hpp>
#include <plugins/loader.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

namespace {

/// CAF's default scheduler burns CPU while idle (work stealing); this one sleeps.
struct own_system_config : caf::actor_system_config {
  own_system_config() { set("scheduler.policy", caf::atom("sharing")); }
};

} // namespace

class bot::state {
public:
  state(config given, core_factories own, std::shared_ptr<log_sink> sink, caf::actor_system* host)
      : settings(std::move(given)), replacements(std::move(own)),
        log(sink ? std::move(sink) : stderr_sink(settings.log), "bot") {
    if (!host) {
      own_system.emplace(own_config);
      host = &*own_system;
    }
    system = host;
  }

  ~state() { stop(); }

  result<void> start() {
    if (running)
      return {};
    if (auto wrong = flaw(settings))
      return *wrong;
    auto tls = tls_for(settings);
    if (!tls)
      return tls.error();
    tell_what_has_no_effect();
    running.emplace(*system);
    known = std::make_shared<directory>(settings.im.directory);
    try {
      spawn_core(handles,
                 {*system, running->unit(),
                  http::make_pool(running->io(), settings.hosts, settings.http, *tls), known},
                 settings, replacements, log);
    } catch (const std::exception& error) { // A replacement could not be made.
      stop();
      return failure{
          errc::internal, std::string{"the core could not be made: "} + error.what(), 0, {}};
    }
    auto started = plugins.start(*system, handles, settings, log);
    if (!started)
      stop();
    return started;
  }

  void stop() noexcept {
    if (!running)
      return;
    plugins.stop();
    for (const auto& each : living(take_conversations()))
      end(each);
    // Top down: who asks ends before who answers, and every asker hears of it.
    end(handles.im);
    end(handles.entitlement);
    end(handles.connections);
    end(handles.users);
    end(handles.auth);
    end(handles.http);
    handles = {};
    running.reset();
  }

  /// Remembers a conversation so that `stop` can end it; from any thread.
  void look_after(const conversation_actor& started) {
    auto guard = std::lock_guard{conversations_lock};
    // Those that have ended are dropped whenever the list has doubled.
    if (conversations.size() >= 2 * living_conversations + 64) {
      std::erase_if(conversations, [](const auto& each) { return !each.lock(); });
      living_conversations = conversations.size();
    }
    conversations.push_back(caf::actor_cast<caf::weak_actor_ptr>(started));
  }

  config settings;
  core_factories replacements;
  logger log;
  own_system_config own_config;
  std::optional<caf::actor_system> own_system;
  caf::actor_system* system = nullptr;
  std::shared_ptr<directory> known;
  std::optional<loop> running;
  core handles;
  plugins::loader plugins;

  std::mutex conversations_lock;
  std::vector<caf::weak_actor_ptr> conversations;
  std::size_t living_conversations = 0;

private:
  void tell_what_has_no_effect() const {
    if (settings.without_effect.empty())
      return;
    std::string keys;
    for (const auto& each : settings.without_effect)
      keys += (keys.empty() ? "" : ", ") + each;
    log.warn("keys_without_effect", {{"file", settings.origin}, {"keys", keys}});
  }

  /// Another thread may start one meanwhile.
  std::vector<caf::weak_actor_ptr> take_conversations() {
    auto guard = std::lock_guard{conversations_lock};
    living_conversations = 0;
    return std::exchange(conversations, {});
  }

  static std::vector<caf::actor> living(const std::vector<caf::weak_actor_ptr>& all) {
    std::vector<caf::actor> found;
    for (const auto& each : all)
      if (auto strong = each.lock())
        found.push_back(caf::actor_cast<caf::actor>(strong));
    return found;
  }

  /// Ends one actor and waits until it has.
  template <class Handle>
  void end(const Handle& handle) {
    if (!handle)
      return;
    auto self = caf::scoped_actor{*system};
    self->monitor(handle);
    self->send_exit(handle, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
  }
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
  return state_->start();
}

void bot::stop() noexcept {
  state_->stop();
}

void bot::look_after(const conversation_actor& started) {
  state_->look_after(started);
}

const core& bot::handles() const noexcept {
  return state_->handles;
}

caf::actor_system& bot::system() noexcept {
  return *state_->system;
}

caf::strong_actor_ptr bot::plugin_actor(std::string_view name) const {
  return state_->plugins.actor(name);
}

} // namespace tutti
