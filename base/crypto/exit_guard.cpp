// A lock that `exit()` takes and keeps.
#include <base/crypto/exit_guard.hpp>

#include <openssl/crypto.h>

#include <chrono>
#include <cstdlib>
#include <shared_mutex>

namespace tutti::crypto {

namespace {

constexpr std::chrono::milliseconds patience{500};

/// Never destroyed: threads may wait for it to the very end.
std::shared_timed_mutex& gate() {
  static auto& made = *new std::shared_timed_mutex;
  return made;
}

/// This thread runs `exit()`.
thread_local bool exits = false;

void close_gate() {
  exits = true;
  static_cast<void>(gate().try_lock_for(patience));
}

/// Handlers run in reverse order: OpenSSL's own, registered first, comes after ours.
bool registered() {
  static const bool done = OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr) == 1 &&
                           std::atexit(close_gate) == 0;
  return done;
}

} // namespace

exit_guard::exit_guard() : held_(!exits) {
  registered();
  if (held_)
    gate().lock_shared();
}

exit_guard::~exit_guard() {
  if (!held_)
    return;
  OPENSSL_thread_stop();
  gate().unlock_shared();
}

} // namespace tutti::crypto
