// Decodes bodies that a proxy has compressed although the request did not ask for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti::transport {

/// Whether `inflated` knows it: gzip, x-gzip, deflate, in any case.
bool is_compression(std::string_view encoding);

/// The body without its compression; nothing when it is none or broken, or larger than `most`
/// bytes.
std::optional<std::string> inflated(std::string_view body, std::size_t most);

} // namespace tutti::transport
