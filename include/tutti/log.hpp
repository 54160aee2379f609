// Log lines: component, event, fields. The host decides where they go.
#pragma once

#include <tutti/export.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tutti {

/// Severity, in rising order; `off` silences.
enum class log_level : std::uint8_t { trace, debug, info, warn, error, off };

/// The enumerator's name, as it stands in the configuration.
TUTTI_API std::string_view to_string(log_level level) noexcept;

/// One `key=value` of a log line.
struct log_field {
  std::string_view key;
  std::string value;
};

/// Where log lines go. Called from several threads at once; must not throw.
class log_sink {
public:
  virtual ~log_sink() = default;

  /// Takes one line; `component` is a word such as `im`.
  virtual void write(log_level level, std::string_view component, std::string_view event,
                     std::span<const log_field> fields) noexcept = 0;

  /// Whether a line of that level and component would be kept.
  virtual bool keeps(log_level level, std::string_view component) const noexcept = 0;
};

/// One component's pen. Cheap to copy; silent without a sink. Never pass it a token or a key.
class logger {
public:
  logger() = default;
  logger(std::shared_ptr<log_sink> sink, std::string component)
      : sink_(std::move(sink)), component_(std::move(component)) {}

  /// The same sink for another component.
  logger with(std::string component) const { return logger{sink_, std::move(component)}; }

  /// Ask this before collecting fields on a hot path.
  bool keeps(log_level level) const { return sink_ && sink_->keeps(level, component_); }

  void trace(std::string_view event, std::initializer_list<log_field> fields = {}) const {
    write(log_level::trace, event, fields);
  }
  void debug(std::string_view event, std::initializer_list<log_field> fields = {}) const {
    write(log_level::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<log_field> fields = {}) const {
    write(log_level::info, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<log_field> fields = {}) const {
    write(log_level::warn, event, fields);
  }
  void error(std::string_view event, std::initializer_list<log_field> fields = {}) const {
    write(log_level::error, event, fields);
  }

private:
  void write(log_level level, std::string_view event,
             std::initializer_list<log_field> fields) const {
    if (keeps(level))
      sink_->write(level, component_, event, {fields.begin(), fields.size()});
  }

  std::shared_ptr<log_sink> sink_;
  std::string component_;
};

} // namespace tutti
