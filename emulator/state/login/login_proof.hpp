// What a bot or an app logs in with: a JWT or a certificate.
#pragma once

#include <emulator/state/values.hpp>

#include <optional>
#include <string>

namespace tutti::emulator {

inline const refusal not_a_login_jwt{401, "The token is not a JWT signed with RS512"};
inline const refusal no_certificate{400, "A client certificate is required"};
inline const refusal strange_certificate{403, "The certificate belongs to no account"};

/// What is wrong with a login's JWT that ends at `expires` (seconds since 1970): its signature, or
/// a time that is over or more than five minutes ahead. Nothing when it is good.
std::optional<refusal> objection_to_login(const std::string& jwt, std::int64_t expires,
                                          const std::string& public_key, time_point now);

} // namespace tutti::emulator
