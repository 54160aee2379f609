// The sink behind logging.hpp, on spdlog; no logger is registered globally.
#include <bot/logging.hpp>

#include <bot/json_text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>

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

class spdlog_sink final : public log_sink {
public:
  explicit spdlog_sink(const log_config& settings)
      : settings_(settings), out_("tutti", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    out_.set_level(spdlog::level::trace); // keeps() decides.
    out_.set_pattern(settings.format == log_format::text ? "%Y-%m-%dT%H:%M:%S.%e%z %v" : "%v");
  }

  void write(log_level level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    try {
      out_.log(spdlog_level(level), settings_.format == log_format::text
                                        ? text_line(level, component, event, fields)
                                        : json_line(level, component, event, fields));
    } catch (...) { // A full disk or an allocation failure must not end the bot.
    }
  }

  bool keeps(log_level level, std::string_view component) const noexcept override {
    for (const auto& [name, own] : settings_.levels)
      if (name == component)
        return level >= own && own != log_level::off;
    return level >= settings_.level && settings_.level != log_level::off;
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

  log_config settings_;
  spdlog::logger out_;
};

} // namespace

std::shared_ptr<log_sink> stderr_sink(const log_config& settings) {
  return std::make_shared<spdlog_sink>(settings);
}

} // namespace tutti
