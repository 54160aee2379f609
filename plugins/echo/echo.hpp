// The messages of the echo plugin, for those who want to talk with it.
#pragma once

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace tutti::echo {

/// Ask: say that again. Never fails.
struct say {
  std::string text;
};

/// Answer: the text, with the configured prefix.
struct said {
  std::string text;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, say& x) {
  return f(caf::meta::type_name("say"), x.text);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, said& x) {
  return f(caf::meta::type_name("said"), x.text);
}

using echo_actor = caf::typed_actor<caf::replies_to<say>::with<said>>;

} // namespace tutti::echo
