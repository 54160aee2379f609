// The sink behind logging.hpp, on spdlog; no logger is registered globally.
#include <bot/logging.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

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
  explicit spdlog_sink(log_level level)
      : out_("tutti", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    out_.set_level(spdlog_level(level));
    out_.set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  }

  void write(log_level level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    try {
      auto line = std::string{component}.append(" ").append(event);
      for (const auto& field : fields)
        line.append(" ").append(field.key).append("=").append(quoted(field.value));
      out_.log(spdlog_level(level), line);
    } catch (...) { // A full disk or an allocation failure must not end the bot.
    }
  }

  bool keeps(log_level level) const noexcept override {
    return out_.should_log(spdlog_level(level));
  }

private:
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

  spdlog::logger out_;
};

} // namespace

std::shared_ptr<log_sink> stderr_sink(log_level level) {
  return std::make_shared<spdlog_sink>(level);
}

} // namespace tutti
