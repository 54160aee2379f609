// The life of plugins linked in.
#include <plugins/loader.hpp>

#include <algorithm>
#include <exception>

namespace tutti::plugins {

namespace {

failure unknown_plugin(std::string_view name) {
  std::string known;
  for (const auto& each : builtins())
    known.append(known.empty() ? "" : ", ").append(each.name);
  return {errc::misconfigured,
          "plugins: there is no plugin '" + std::string{name} + "'; known are: " + known,
          0,
          {}};
}

} // namespace

result<void> loader::start(caf::actor_system& system, const core& handles, const config& settings,
                           const logger& log) {
  for (const auto& wanted : settings.plugins) {
    auto all = builtins();
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const builtin& each) { return each.name == wanted.name; });
    if (found == all.end()) {
      stop();
      return unknown_plugin(wanted.name);
    }
    auto fresh = std::make_unique<entry>();
    fresh->settings = wanted;
    fresh->log = log.with(wanted.name);
    fresh->running.reset(found->make());
    auto failed = [&]() -> result<void> {
      try {
        return fresh->running->start({system, handles, fresh->settings, fresh->log});
      } catch (const std::exception& error) {
        return failure{errc::internal, error.what(), 0, "plugin"};
      }
    }();
    if (!failed) {
      auto why = failed.error();
      why.detail = "plugin " + wanted.name + " did not start: " + why.detail;
      stop();
      return why;
    }
    running_.push_back(std::move(fresh));
  }
  return {};
}

void loader::stop() noexcept {
  while (!running_.empty()) {
    running_.back()->running->stop();
    running_.pop_back();
  }
}

caf::strong_actor_ptr loader::actor(std::string_view name) const {
  for (const auto& each : running_)
    if (each->settings.name == name)
      return each->running->actor();
  return nullptr;
}

} // namespace tutti::plugins
