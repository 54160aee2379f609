// The sink behind logging.hpp, on spdlog; no logger is registered globally.
#include <bot/logging.hpp>

#include <bot/log_queue.hpp>

#include <tutti/json_text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <vector>

namespace tutti {

namespace {

spdlog::level::level_enum spdlog_level(log_level level) {
  switch (level) {
  case log_level::trace:
    return spdlog::level::trace;
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warn:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  case log_level::off:
    return spdlog::level::off;
  }
  return spdlog::level::off;
}

/// Lines kept for a reader that is slow.
constexpr std::size_t most_lines = 8'192;

std::shared_ptr<spdlog::logger> stderr_logger(log_format format) {
  auto made =
      std::make_shared<spdlog::logger>("tutti", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  made->set_level(spdlog::level::trace); // keeps() decides.
  made->set_pattern(format == log_format::text ? "%Y-%m-%dT%H:%M:%S.%e%z %v" : "%v");
  return made;
}

class spdlog_sink final : public adjustable_sink {
public:
  explicit spdlog_sink(const log_config& settings)
      : format_(settings.format), out_(stderr_logger(settings.format)),
        queue_(most_lines, [format = format_, out = out_](std::uint64_t count) {
          auto field = log_field{"count", std::to_string(count)};
          put(*out, spdlog::log_clock::now(), log_level::warn,
              line_of(format, log_level::warn, "log", "lines_dropped", {&field, 1}));
        }) {
    adjust(settings);
  }

  void write(log_level level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    try {
      // Written by the queue's thread: who logs must not wait for who reads.
      queue_.push([out = out_, level, now = spdlog::log_clock::now(),
                   line = line_of(format_, level, component, event, fields)] {
        put(*out, now, level, line);
      });
    } catch (...) { // An allocation failure must not end the bot.
    }
  }

  log_losses losses() const noexcept override { return queue_.losses(); }

  void flush(std::chrono::milliseconds time) noexcept override { queue_.flush(time); }

  bool keeps(log_level level, std::string_view component) const noexcept override {
    const auto& now = *levels_.load(std::memory_order_acquire);
    auto own = now.others.find(component);
    auto least = own == now.others.end() ? now.usual : own->second;
    return level >= least && least != log_level::off;
  }

  void adjust(const log_config& settings) override {
    auto guard = std::lock_guard{lock_};
    auto fresh = std::make_unique<levels>();
    fresh->usual = settings.level;
    fresh->others.insert(settings.levels.begin(), settings.levels.end());
    levels_.store(fresh.get(), std::memory_order_release);
    all_levels_.push_back(std::move(fresh));
  }

private:
  static std::string line_of(log_format format, log_level level, std::string_view component,
                             std::string_view event, std::span<const log_field> fields) {
    return format == log_format::text ? text_line(level, component, event, fields)
                                      : json_line(level, component, event, fields);
  }

  static void put(spdlog::logger& out, spdlog::log_clock::time_point when, log_level level,
                  const std::string& line) noexcept {
    try {
      out.log(when, spdlog::source_loc{}, spdlog_level(level), line);
    } catch (...) { // A full disk must not end the bot.
    }
  }

  static std::string text_line(log_level level, std::string_view component, std::string_view event,
                               std::span<const log_field> fields) {
    auto line =
        std::string{to_string(level)}.append(" ").append(component).append(" ").append(event);
    for (const auto& field : fields)
      line.append(" ").append(field.key).append("=").append(quoted(field.value));
    return line;
  }

  static std::string json_line(log_level level, std::string_view component, std::string_view event,
                               std::span<const log_field> fields) {
    auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(now);
    auto line = fmt::format(R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","level":"{}","component":{})",
                            fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                            (now - seconds).count(), to_string(level), json_text(component));
    line.append(",\"event\":").append(json_text(event));
    for (const auto& field : fields)
      line.append(",").append(json_text(field.key)).append(":").append(json_text(field.value));
    return line + "}";
  }

  static std::string quoted(const std::string& value) {
    if (!value.empty() && value.find_first_of(" \"=\n\r\t") == std::string::npos)
      return value;
    std::string text = "\"";
    for (char c : value) {
      if (c == '"' || c == '\\')
        text += '\\';
      text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return text + '"';
  }

  struct levels {
    log_level usual = log_level::info;
    std::map<std::string, log_level, std::less<>> others;
  };

  log_format format_;
  /// The levels in force. Another thread may still read older ones, so all are kept; they are few.
  std::atomic<const levels*> levels_{nullptr};
  std::mutex lock_;
  std::vector<std::unique_ptr<const levels>> all_levels_;
  std::shared_ptr<spdlog::logger> out_;
  log_queue queue_;
};

/// A host's sink behind a queue.
class queued_sink final : public log_sink {
public:
  queued_sink(std::shared_ptr<log_sink> to, std::size_t lines)
      : to_(std::move(to)), queue_(lines, [to = to_](std::uint64_t count) {
          auto field = log_field{"count", std::to_string(count)};
          if (to->keeps(log_level::warn, "log"))
            to->write(log_level::warn, "log", "lines_dropped", {&field, 1});
        }) {}

  void write(log_level level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    struct kept_field {
      std::string key;
      std::string value;
    };
    try {
      std::vector<kept_field> kept;
      kept.reserve(fields.size());
      for (const auto& each : fields)
        kept.push_back({std::string{each.key}, each.value});
      queue_.push([to = to_, level, component = std::string{component}, event = std::string{event},
                   kept = std::move(kept)] {
        std::vector<log_field> shown;
        shown.reserve(kept.size());
        for (const auto& each : kept)
          shown.push_back({each.key, each.value});
        to->write(level, component, event, shown);
      });
    } catch (...) { // An allocation failure must not end the bot.
    }
  }

  bool keeps(log_level level, std::string_view component) const noexcept override {
    return to_->keeps(level, component);
  }

  log_losses losses() const noexcept override { return queue_.losses(); }

  void flush(std::chrono::milliseconds time) noexcept override { queue_.flush(time); }

private:
  std::shared_ptr<log_sink> to_;
  log_queue queue_;
};

} // namespace

std::shared_ptr<adjustable_sink> stderr_sink(const log_config& settings) {
  return std::make_shared<spdlog_sink>(settings);
}

std::shared_ptr<log_sink> queued(std::shared_ptr<log_sink> sink, std::size_t lines) {
  return std::make_shared<queued_sink>(std::move(sink), lines);
}

} // namespace tutti
