// What an account logs in with, looked at before a bot uses it.
#pragma once

#include <actors/auth/login_prover.hpp>

#include <tutti/config.hpp>
#include <tutti/export.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace tutti::command {

/// The key, read and parsed. A file that has not answered within `patience` is left behind with its
/// reader, and is `errc::login_refused`, as is a key that cannot be used.
TUTTI_FRONT_DOOR result<crypto::signing_key> load_key(const crypto::key_source& where,
                                                      std::chrono::milliseconds patience);

/// The same for a certificate.
TUTTI_FRONT_DOOR result<std::shared_ptr<const crypto::client_certificate>>
load_certificate(const crypto::store_source& where, std::chrono::milliseconds patience);

struct account_flaw {
  failure why;
  /// The file has not answered; it may later.
  bool silent = false;
};

/// Why the bot, or the app, cannot log in with what the configuration gives it; nothing when it
/// can, and when it has nothing to log in with.
TUTTI_FRONT_DOOR std::optional<account_flaw> flaw_of_bot(const config& settings,
                                                         std::chrono::milliseconds patience);
TUTTI_FRONT_DOOR std::optional<account_flaw> flaw_of_app(const config& settings,
                                                         std::chrono::milliseconds patience);

/// Why a bot that starts need not try to log in; nothing for a file that may answer later.
TUTTI_FRONT_DOOR std::optional<failure> unusable_account(const config& settings);

} // namespace tutti::command
