// The TLS side of a configuration.
#pragma once

#include <actors/http/tls.hpp>

#include <tutti/config.hpp>
#include <tutti/result.hpp>

namespace tutti {

/// null when no host wants it: loading authorities costs more than all the rest of a start.
result<http::tls_context> tls_for(const config& settings);

} // namespace tutti
