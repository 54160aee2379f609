// The TLS side of a configuration.
#pragma once

#include <transport/tls/tls.hpp>

#include <tutti/config.hpp>
#include <tutti/result.hpp>

namespace tutti {

/// null when no host wants it: loading authorities costs more than all the rest of a start.
result<transport::tls_context> tls_for(const config& settings);

} // namespace tutti
