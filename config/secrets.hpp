// Values that people give where a path belongs, and that must not be shown.
#pragma once

#include <string>

namespace tutti::config_file {

/// Whether a text that stands for a path looks like a key or a token: no message may quote it.
bool looks_like_a_secret(const std::string& path);

inline constexpr const char* secret_instead_of_a_path =
    "this is no path but a key or another secret, it seems (it is not shown); what is no path goes "
    "into the key beside it, such as content or token";

} // namespace tutti::config_file
