// Starts, waits for a signal or the end of the core, stops.
#include <bot/command/run/run.hpp>

#include <bot/command/run/channel.hpp>
#include <bot/command/run/process.hpp>
#include <bot/command/run/service_manager.hpp>
#include <bot/command/run/signals.hpp>
#include <bot/command/run/start_with_signals.hpp>
#include <bot/logging.hpp>
#include <bot/process/account_check.hpp>
#include <bot/process/exit_status.hpp>

#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>

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
  // With the old levels: the new ones may not let it through.
  log.info("log_levels_reloaded", {{"level", std::string{to_string(fresh->log.level)}}});
  sink.adjust(fresh->log);
}

/// How long the log may take for its last lines, and what is left for its end.
constexpr std::chrono::milliseconds last_lines{500};
constexpr std::chrono::milliseconds last_moment{500};
class service {
public:
  service(const std::string& path, config settings)
      : path_(path), json_(settings.log.format == log_format::json),
        sink_(stderr_sink(settings.log)), log_(sink_, "run"), to_check_(settings),
        bot_(std::move(settings), {}, sink_) {}

  int run() {
    if (auto wrong = unusable_account(*to_check_))
      return not_started(*wrong);
    to_check_.reset();
    bot_.on_core_lost([this](const failure& why) { lost_.put(why); });
    const auto started = start_with_signals(bot_, signals_, [this] {
      log_.info("stopped_before_it_started");
      sink_->flush(last_lines);
      std::_Exit(done);
    });
    if (!started)
      return not_started(started.error());
    tell_service_manager("READY=1");
    log_.info("running", {{"config", path_}});
    auto status = wait();
    tell_service_manager("STOPPING=1");
    const auto whole = bot_.stop();
    log_.info("stopped", {{"status", std::to_string(status)}});
    sink_->flush(last_lines);
    if (!whole)
      std::_Exit(status); // Threads that were left behind still use what would go now.
    leave_within(last_moment, status);
    return status;
  }

private:
  int not_started(const failure& why) {
    if (json_) // A program that reads the log as JSON gets this there, too.
      log_.error("not_started", {{"why", why.detail}});
    else
      told(why);
    return exit_status_of(why);
  }

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
  bool json_;
  std::shared_ptr<adjustable_sink> sink_;
  logger log_;
  std::optional<config> to_check_;
  bot bot_;
};

} // namespace

int run_bot(const std::string& config_path, bool core_files) {
  if (!core_files)
    forbid_core_files();
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
  if (settings->log.format == log_format::json)
    log_as_json();
  return service{config_path, std::move(*settings)}.run();
}

} // namespace tutti::command
