// Finds what keeps a bot of this configuration from working, as far as the configuration shows it.
#pragma once

#include <tutti/config.hpp>
#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <optional>

namespace tutti {

/// The first such thing, as `errc::misconfigured`. The trust store is looked at, the key is not: it
/// may come later.
TUTTI_FRONT_DOOR std::optional<failure> flaw(const config& settings);

} // namespace tutti
