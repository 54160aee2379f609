// Where a bot's log lines go unless the host brings a sink of its own.
#pragma once

#include <tutti/config.hpp>
#include <tutti/export.hpp>

#include <memory>

namespace tutti {

/// A sink whose levels can be changed while it is used.
class adjustable_sink : public log_sink {
public:
  /// Takes levels, not the format. From any thread.
  virtual void adjust(const log_config& settings) = 0;
};

/// Lines on standard error.
TUTTI_FRONT_DOOR std::shared_ptr<adjustable_sink> stderr_sink(const log_config& settings);

} // namespace tutti
