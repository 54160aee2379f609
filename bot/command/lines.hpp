// The lines `tutti im open` writes.
#pragma once

#include <tutti/protocol/im.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tutti::command {

/// A participant as it is known: by id, or only as it was given.
using participant = std::variant<user_id, std::string>;

/// What one request came to.
struct opened_or_not {
  std::vector<participant> participants;
  /// Nothing for a failure.
  std::optional<im_created> opened;
  failure why;
};

/// `{"streamId":...,"participants":[...],"origin":...}`, or
/// `{"error":...,"code":...,"detail":...,"status":...,"participants":[...]}`; ends with a newline.
std::string to_line(const opened_or_not& one);

} // namespace tutti::command
