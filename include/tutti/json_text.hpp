// Values as JSON text.
#pragma once

#include <tutti/export.hpp>
#include <tutti/health.hpp>

#include <string>
#include <string_view>

namespace tutti {

/// The text with its quotes; control characters are escaped, and bytes that are no UTF-8 (an old
/// proxy's page, say) become U+FFFD.
TUTTI_API std::string json_text(std::string_view text);

/// The text with U+FFFD in the place of each byte that is no UTF-8.
TUTTI_API std::string valid_utf8(std::string_view text);

/// `{"state":...,"since":...,"troubles":[{"what":...,"since":...,"why":...}]}`, times in UTC as
/// ISO 8601 has them.
TUTTI_API std::string json_text(const health& seen);

} // namespace tutti
