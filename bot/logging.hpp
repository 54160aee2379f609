// Where a bot's log lines go unless the host brings a sink of its own.
#pragma once

#include <tutti/log.hpp>

#include <memory>

namespace tutti {

/// Text lines on standard error, `level` and above.
std::shared_ptr<log_sink> stderr_sink(log_level level);

} // namespace tutti
