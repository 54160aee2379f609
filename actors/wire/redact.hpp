// Takes secrets out of what hosts say, before people read it.
#pragma once

#include <string>
#include <string_view>

namespace tutti::wire {

/// `text` with `***` for each piece of a secret that stands in it: eight characters and more, in
/// any case, from wherever in the secret. `secrets` is what a request carried, as it was sent
/// (header lines, a body): its words of 16 characters and more count, for tokens are longer and the
/// names of headers shorter.
std::string redacted(std::string text, std::string_view secrets);

} // namespace tutti::wire
