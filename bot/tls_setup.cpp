// Made once for all hosts; its files may not answer.
#include <bot/tls_setup.hpp>

#include <actors/auth/login_prover.hpp>
#include <base/crypto/exit_guard.hpp>
#include <base/threads/off_thread.hpp>

namespace tutti {

namespace {

constexpr std::chrono::milliseconds trust_patience{5'000};

/// Read within a bounded time: what is on a dead disk is left behind with its reader.
result<transport::tls_context> make_in_time(const tls_config& settings) {
  std::string files = settings.trust_store_path;
  if (!settings.crl.empty())
    files += (files.empty() ? "ssl.crl: " : ", or ssl.crl: ") + settings.crl;
  else if (!files.empty())
    files.insert(0, "ssl.trustStore.path: ");
  if (files.empty())
    return transport::make_tls(settings);
  // The guard is held while the files are read: one that does not answer delays an exit.
  auto made = within<crypto::exit_guard>(
      trust_patience, [settings] { return settings; },
      [](const tls_config& with) { return transport::make_tls(with); });
  if (made)
    return std::move(*made);
  return failure{errc::misconfigured, file_is_silent(files, trust_patience), 0, "trust_store"};
}

} // namespace

result<transport::tls_context> tls_for(const config& settings) {
  for (const auto& host : settings.hosts)
    if (host.scheme == "https") {
      auto made = make_in_time(settings.tls);
      if (!made && !settings.origin.empty())
        return failure{made.error().error, settings.origin + ": " + made.error().detail, 0,
                       made.error().code};
      return made;
    }
  return transport::tls_context{};
}

} // namespace tutti
