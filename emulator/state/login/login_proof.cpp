#include <emulator/state/login/login_proof.hpp>

#include <emulator/crypto/jwt.hpp>

namespace tutti::emulator {

std::optional<refusal> objection_to_login(const std::string& jwt, std::int64_t expires,
                                          const std::string& public_key, time_point now) {
  if (!signed_by(jwt, public_key))
    return refusal{401, "The token's signature does not match the registered key"};
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (expires <= seconds)
    return refusal{401, "The token has expired"};
  if (expires > seconds + 300)
    return refusal{401, "The token expires more than 5 minutes ahead"};
  return std::nullopt;
}

} // namespace tutti::emulator
