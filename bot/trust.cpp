// Made once for all hosts.
#include <bot/trust.hpp>

namespace tutti {

result<http::tls_context> tls_for(const config& settings) {
  for (const auto& host : settings.hosts)
    if (host.scheme == "https") {
      auto made = http::make_tls(settings.tls);
      if (!made && !settings.origin.empty())
        return failure{made.error().error, settings.origin + ": " + made.error().detail, 0,
                       made.error().code};
      return made;
    }
  return http::tls_context{};
}

} // namespace tutti
