// Dates as HTTP writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tutti::transport {

/// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two obsolete forms
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. A year of two digits that would
/// be more than 50 years after `now` is one of the past. Nothing for what is none of these.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text,
                                                   std::chrono::sys_seconds now);

/// The seconds that a `Retry-After` (RFC 9110, 10.2.3) asks for: a number, which may be larger than
/// what an integer holds, or a date, which is measured against the answer's own `Date`, or against
/// `now` when it has none. Nothing for what is neither.
std::optional<std::uint32_t> retry_seconds(std::string_view retry_after, std::string_view date,
                                           std::chrono::sys_seconds now);

} // namespace tutti::transport
