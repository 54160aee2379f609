// Takes secrets out of what hosts say, before people read it.
#pragma once

#include <tutti/config.hpp>

#include <string>
#include <string_view>

namespace tutti::wire {

/// `text` with `***` for each piece of a secret in it: eight characters and more, in any case, from
/// any position in the secret. `secrets` is what a request carried, as it was sent (header lines, a
/// body): its words of 16 characters and more count, because tokens are longer and the names of
/// headers shorter.
std::string redacted(std::string text, std::string_view secrets);

/// What each request to these hosts carries beside its own: the values of `defaultHeaders`, but for
/// those that say what a request is (Accept, Content-Type, User-Agent, Connection), and the
/// proxies' passwords. For `redacted`.
std::string secrets_of(const config& settings);

} // namespace tutti::wire
