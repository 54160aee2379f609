// Reads the bot's metrics, for callers that show them.
#pragma once

#include <actors/directory/directory.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/im.hpp>

namespace tutti {

/// A copy of all that is counted.
metrics read_metrics(const telemetry& life, const directory& known, const config& settings);

feed_health read_feed_health(const telemetry& life);

} // namespace tutti
