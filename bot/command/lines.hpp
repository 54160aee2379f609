// The lines `tutti im open` reads and writes.
#pragma once

#include <tutti/protocol/im.hpp>

#include <optional>
#include <string>
#include <string_view>
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

/// The users of a line such as `["ada", 8933531975682]`. Fails with `invalid_participants` and the
/// code `usage`; `where` names the line.
result<std::vector<std::string>> read_line(std::string_view line, const std::string& where);

/// A user as given: digits are an id, what has an '@' is an e-mail address, else a username.
struct given_user {
  enum class kind { id, email, username };
  kind what = kind::username;
  user_id id;
};

/// Fails with `invalid_participants` and the code `usage`.
result<given_user> read_user(const std::string& text);

} // namespace tutti::command
