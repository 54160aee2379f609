// Reads multipart/form-data, as messages come with their attachments (RFC 7578).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

struct form_part {
  std::string name;
  /// Set for a file.
  std::string filename;
  std::string content_type;
  std::string content;
};

/// Nothing for a body that is none. `content_type`: the request's, with the boundary.
std::optional<std::vector<form_part>> read_multipart(std::string_view content_type,
                                                     std::string_view body);

} // namespace tutti::emulator
