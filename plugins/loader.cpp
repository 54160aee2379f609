// The life of plugins: what one of them throws goes no further.
#include <plugins/loader.hpp>

#include <plugins/in_plugin.hpp>
#include <plugins/shared_object.hpp>

#include <base/crypto/exit_guard.hpp>

#include <tutti/joined_failure.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <system_error>
#include <thread>

namespace tutti {

void plugin_context::end_supervised() noexcept {
  // Waited for: what they are made of may be the plugin's.
  caf::scoped_actor self{owner_.system()};
  for (const auto& each : std::exchange(supervised_, {})) {
    self->monitor(each);
    self->send_exit(each, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
  }
}

const void* library_identity() noexcept {
  static const char here = 0;
  return &here;
}

} // namespace tutti

namespace tutti::plugins {

namespace {

failure unknown_plugin(const plugin_config& wanted) {
  std::string known;
  for (const auto& each : builtins())
    known.append(known.empty() ? "" : ", ").append(each.name);
  return {errc::misconfigured,
          wanted.place + "plugins: there is no plugin '" + wanted.name +
              "'; built in are: " + known + "; a shared object is named by its path",
          0,
          {}};
}

result<const plugin_info*> find(const plugin_config& wanted) {
  if (!wanted.path.empty()) {
    auto opened = open(wanted.path);
    if (!opened) {
      auto why = opened.error();
      why.detail = wanted.place + "plugins: " + why.detail;
      return why;
    }
    return opened;
  }
  auto all = builtins();
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const builtin& each) { return each.name == wanted.name; });
  if (found == all.end())
    return unknown_plugin(wanted);
  return found->info();
}

/// Runs a part of a plugin; the text of what it throws, empty for nothing.
template <class Part>
std::string guarded(Part&& part) {
  try {
    part();
    return {};
  } catch (const std::exception& error) {
    return *error.what() == '\0' ? "an exception without a text" : error.what();
  } catch (...) { // Another author's code: it must not end the bot.
    return "something that is no exception";
  }
}

} // namespace

result<void> loader::prepare_one(const plugin_config& wanted, const logger& log) {
  auto info = find(wanted);
  if (!info)
    return info.error();
  auto fresh = std::make_shared<entry>();
  result<void> read;
  const in_plugin here{wanted.name.empty() ? wanted.path : wanted.name, "settings or check"};
  auto threw = guarded([&] {
    fresh->made.reset((*info)->make());
    fresh->name = wanted.name.empty() ? fresh->made->name() : wanted.name;
    setting_list known;
    fresh->made->settings(known);
    read = known.read(wanted.settings, "plugin " + fresh->name);
    if (!read)
      return;
    read = fresh->made->check();
    if (!read)
      read = failure{read.error().error,
                     wanted.place + "plugin " + fresh->name + ": " + read.error().detail,
                     read.error().status, read.error().code};
  });
  if (!threw.empty())
    return failure{errc::internal,
                   wanted.place + "plugin " + wanted.name + wanted.path +
                       ": making it threw: " + threw,
                   0, "plugin"};
  if (!read)
    return read;
  fresh->log = log.with(fresh->name);
  all_.push_back(std::move(fresh));
  return {};
}

result<void> loader::prepare(const config& settings, const logger& log) {
  all_.clear();
  std::vector<failure> wrong;
  for (const auto& wanted : settings.plugins)
    if (auto made = prepare_one(wanted, log); !made)
      wrong.push_back(made.error());
  if (wrong.empty())
    return {};
  all_.clear();
  return joined(wrong);
}

std::vector<std::string> loader::warnings() const {
  std::vector<std::string> all;
  for (const auto& each : all_) {
    const in_plugin here{each->name, "warnings"};
    auto threw = guarded([&] {
      for (const auto& line : each->made->warnings())
        all.push_back("plugin " + each->name + ": " + line);
    });
    if (!threw.empty())
      all.push_back("plugin " + each->name + ": warnings threw: " + threw);
  }
  return all;
}

result<void> loader::hear(bot& owner, const std::function<void(alive)>& begin) {
  for (auto& each : all_) {
    each->context = std::make_unique<plugin_context>(owner, each->log);
    begin(each->alive);
    const in_plugin place{each->name, "hear"};
    auto threw = guarded([&] { each->made->hear(*each->context); });
    if (!threw.empty())
      return failure{errc::internal, "plugin " + each->name + ": hear threw: " + threw, 0,
                     "plugin"};
  }
  return {};
}

result<void> loader::start() {
  stopped_by_plugin_ = stopped_elsewhere_ = false;
  starts_in_ = std::this_thread::get_id();
  auto started = start_each();
  starts_in_ = std::thread::id{};
  // Read last: a stop() that comes from now on stops the bot by itself.
  if (started && stopped_elsewhere_)
    return failure{errc::shutting_down, "stop() was called while the bot started", 0, {}};
  return started;
}

result<void> loader::start_each() {
  for (auto& each : all_) {
    result<void> started;
    auto threw = [&] {
      const in_plugin here{each->name, "start"};
      return guarded([&] { started = each->made->start(*each->context); });
    }();
    each->started = threw.empty() && started;
    if (each->started) {
      offer(*each);
    } else {
      *each->alive = false;
      each->context->end_supervised();
    }
    if (!threw.empty())
      thrown(*each, "start", threw);
    if (stopped_by_plugin_)
      started =
          failure{errc::internal,
                  "it stopped the bot in its start; a plugin that cannot work returns a failure", 0,
                  "plugin"};
    if (!started) {
      auto why = started.error();
      why.detail = "plugin " + each->name + " did not start: " + why.detail;
      return why;
    }
    if (stopped_elsewhere_)
      break;
  }
  return {};
}

bool loader::stopped_while_starting() noexcept {
  const auto where = starts_in_.load();
  if (where == std::thread::id{})
    return false;
  (where == std::this_thread::get_id() ? stopped_by_plugin_ : stopped_elsewhere_) = true;
  return true;
}

std::string loader::stop(std::chrono::steady_clock::time_point until) noexcept {
  std::string stuck;
  for (auto each = all_.rbegin(); each != all_.rend(); ++each)
    if ((*each)->started && !stop_one(*each, until))
      stuck += (stuck.empty() ? "plugin " : ", plugin ") + (*each)->name;
  return stuck;
}

void loader::destroy() noexcept {
  while (!all_.empty()) {
    auto last = std::move(all_.back());
    all_.pop_back();
    const in_plugin here{last->name, "its destructor"};
    auto threw = guarded([&] { last->made.reset(); });
    if (!threw.empty())
      thrown(*last, "destructor", threw);
  }
}

/// On a thread of its own: a plugin that waits for ever holds up nothing else.
bool loader::stop_one(const std::shared_ptr<entry>& one,
                      std::chrono::steady_clock::time_point until) {
  withdraw(*one);
  *one->alive = false;
  auto ended = std::make_shared<std::promise<void>>();
  auto done = ended->get_future();
  auto act = [this, one, ended] {
    const in_plugin here{one->name, "stop"};
    auto threw = guarded([&] { one->made->stop(); });
    if (one->decided.exchange(true))
      return; // Left behind: the bot may be gone.
    if (!threw.empty())
      thrown(*one, "stop", threw);
    one->context->end_supervised();
    ended->set_value();
  };
  try {
    std::thread{[act] {
      act();
      const crypto::exit_guard until_the_thread_ends; // The plugin may have used OpenSSL.
    }}.detach();
  } catch (const std::system_error&) { // No thread to be had: then without a bound.
    act();
  }
  // Others still need some time.
  auto latest = std::max(until, std::chrono::steady_clock::now() + std::chrono::milliseconds{50});
  if (done.wait_until(latest) != std::future_status::ready && !one->decided.exchange(true)) {
    one->log.error("plugin_blocks", {{"plugin", one->name}, {"in", "stop"}});
    return false;
  }
  done.wait(); // It has stopped; what it had supervised ends.
  one->decided = false;
  one->started = false;
  return true;
}

void loader::thrown(const entry& one, const std::string& doing, const std::string& why) {
  one.log.error("plugin_threw", {{"plugin", one.name}, {"in", doing}, {"why", why}});
  telemetry_->board.raise("plugin " + one.name, doing + " threw: " + why);
}

caf::strong_actor_ptr loader::actor(std::string_view name) const {
  auto guard = std::lock_guard{lock_};
  auto found = offered_.find(name);
  return found == offered_.end() ? nullptr : found->second;
}

void loader::offer(const entry& one) {
  const in_plugin here{one.name, "actor"};
  caf::strong_actor_ptr offered;
  auto threw = guarded([&] { offered = one.made->actor(); });
  if (!threw.empty())
    return thrown(one, "actor", threw);
  auto guard = std::lock_guard{lock_};
  offered_.emplace(one.name, std::move(offered));
}

void loader::withdraw(const entry& one) {
  auto guard = std::lock_guard{lock_};
  offered_.erase(one.name);
}

std::string reference() {
  std::string text = "plugins:\n";
  for (const auto& each : builtins()) {
    auto made = std::unique_ptr<plugin>{each.info()->make()};
    setting_list known;
    made->settings(known);
    text.append("  - name: ").append(each.name).append("\n");
    for (const auto& row : known.describe())
      text.append("    # ")
          .append(row.help)
          .append("\n    ")
          .append(row.key)
          .append(":")
          .append(row.value.empty() ? "" : " " + row.value)
          .append("\n");
  }
  return text;
}

std::vector<std::string> warnings(const config& settings) {
  loader all{std::make_shared<telemetry>()};
  return all.prepare(settings, {}) ? all.warnings() : std::vector<std::string>{};
}

std::optional<failure> flaw(const config& settings) {
  auto ready = loader{std::make_shared<telemetry>()}.prepare(settings, {});
  return ready ? std::nullopt : std::optional{ready.error()};
}

} // namespace tutti::plugins
