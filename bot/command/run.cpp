// Starts, waits for a signal or the end of the core, stops.
#include <bot/command/run.hpp>

#include <bot/command/channel.hpp>
#include <bot/command/exit_status.hpp>
#include <bot/command/service_manager.hpp>
#include <bot/command/signals.hpp>
#include <bot/logging.hpp>

#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>

namespace tutti::command {

namespace {

int told(const failure& why) {
  std::cerr << "tutti: " << why.detail << "\n";
  return exit_status_of(why);
}

/// On SIGHUP: a file that is wrong by now changes nothing.
void reload(const std::string& path, adjustable_sink& sink, const logger& log) {
  auto fresh = config_file::load(path);
  if (!fresh)
    return log.error("not_reloaded", {{"why", fresh.error().detail}});
  sink.adjust(fresh->log);
  log.info("log_levels_reloaded", {{"level", std::string{to_string(fresh->log.level)}}});
}

class service {
public:
  service(const std::string& path, config settings)
      : path_(path), sink_(stderr_sink(settings.log)), log_(sink_, "run"),
        bot_(std::move(settings), {}, sink_) {}

  int run() {
    bot_.on_core_lost([this](const failure& why) { lost_.put(why); });
    if (auto started = bot_.start(); !started)
      return told(started.error());
    tell_service_manager("READY=1");
    log_.info("running", {{"config", path_}});
    auto status = wait();
    tell_service_manager("STOPPING=1");
    bot_.stop();
    log_.info("stopped", {{"status", std::to_string(status)}});
    return status;
  }

private:
  /// Until there is a reason to stop.
  int wait() {
    while (true) {
      std::array<pollfd, 2> ready{{{signals_.fd(), POLLIN, 0}, {lost_.fd(), POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR)
        return internal;
      if (!lost_.take().empty())
        return internal; // The log has the reason.
      switch (signals_.take()) {
      case SIGHUP:
        reload(path_, *sink_, log_);
        break;
      case SIGINT:
      case SIGTERM:
        log_.info("stopping");
        return done;
      }
    }
  }

  // Before any thread is started, which inherits what is blocked.
  signals signals_{SIGHUP};
  channel<failure> lost_;
  std::string path_;
  std::shared_ptr<adjustable_sink> sink_;
  logger log_;
  bot bot_;
};

} // namespace

int run_bot(const std::string& config_path) {
  auto settings = config_file::load(config_path);
  if (!settings)
    return told(settings.error());
  if (settings->plugins.empty())
    return told({errc::misconfigured,
                 config_path +
                     ": plugins: there is none, and a bot that is run consists of plugins; tutti "
                     "plugins lists those built in",
                 0,
                 {}});
  return service{config_path, std::move(*settings)}.run();
}

} // namespace tutti::command
