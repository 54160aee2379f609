// Where a bot's log lines go unless the host brings a sink of its own.
#pragma once

#include <tutti/config.hpp>

#include <memory>

namespace tutti {

/// Text lines on standard error, `level` and above.
std::shared_ptr<log_sink> stderr_sink(const log_config& settings);

} // namespace tutti
