// Log lines: component, event, fields. The host decides where they go.
#pragma once

#include <tutti/export.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tutti {

/// Severity, in rising order; `off` silences.
enum class log_level : std::uint8_t { trace, debug, info, warn, error, off };

/// The enumerator's name, as written in the configuration.
TUTTI_API std::string_view to_string(log_level level) noexcept;

/// One `key=value` of a log line.
struct log_field {
  std::string_view key;
  std::string value;
};

/// What a sink could not write.
struct log_losses {
  /// Lines dropped so far.
  std::uint64_t lines = 0;
  /// Whether it still cannot keep up, and since when.
  bool now = false;
  std::chrono::system_clock::time_point since;
};

/// Where log lines go. Called from several threads at once, the bot's I/O thread among them; must
/// not throw. A sink that may wait (for a disk, a pipe, a network) belongs behind `queued`.
class log_sink {
public:
  virtual ~log_sink() = default;

  /// Takes one line; `component` is a word such as `im`.
  virtual void write(log_level level, std::string_view component, std::string_view event,
                     std::span<const log_field> fields) noexcept = 0;

  /// Whether a line of that level and component would be kept.
  virtual bool keeps(log_level level, std::string_view component) const noexcept = 0;

  /// Health and metrics report it.
  virtual log_losses losses() const noexcept { return {}; }

  /// Waits until all lines taken so far are written, at most `time`.
  virtual void flush(std::chrono::milliseconds /*time*/) noexcept {}
};

/// Puts a queue and a thread before a sink that may wait: up to `lines` lines are kept for it, more
/// are dropped and counted, and a line `log lines_dropped` follows when it takes lines again.
TUTTI_API std::shared_ptr<log_sink> queued(std::shared_ptr<log_sink> sink,
                                           std::size_t lines = 8'192);

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
