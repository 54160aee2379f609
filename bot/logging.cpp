// The sink behind logging.hpp, on spdlog; no logger is registered globally.
#include <bot/logging.hpp>

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

class spdlog_sink final : public adjustable_sink {
public:
  explicit spdlog_sink(const log_config& settings)
      : format_(settings.format), out_("tutti", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    adjust(settings);
    out_.set_level(spdlog::level::trace); // keeps() decides.
    out_.set_pattern(settings.format == log_format::text ? "%Y-%m-%dT%H:%M:%S.%e%z %v" : "%v");
  }

  void write(log_level level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    try {
      out_.log(spdlog_level(level), format_ == log_format::text
                                        ? text_line(level, component, event, fields)
                                        : json_line(level, component, event, fields));
    } catch (...) { // A full disk or an allocation failure must not end the bot.
    }
  }

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
  /// Those in force; somebody may still be reading older ones, so all are kept. Few ever come.
  std::atomic<const levels*> levels_{nullptr};
  std::mutex lock_;
  std::vector<std::unique_ptr<const levels>> all_levels_;
  spdlog::logger out_;
};

} // namespace

std::shared_ptr<adjustable_sink> stderr_sink(const log_config& settings) {
  return std::make_shared<spdlog_sink>(settings);
}

} // namespace tutti
