// Text as a JSON string.
#pragma once

#include <string>
#include <string_view>

namespace tutti {

/// The text with its quotes; control characters are escaped, and bytes that are no UTF-8 (an old
/// proxy's page, say) become U+FFFD.
std::string json_text(std::string_view text);

} // namespace tutti
