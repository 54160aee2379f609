// Users as people write them: an id, an e-mail address or a username.
#pragma once

#include <tutti/bot.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// `failure::code` of an input that is not valid, in every function that takes it.
inline constexpr const char* usage_code = "usage";

/// `failure::code` of a name that several users have.
inline constexpr const char* ambiguous_code = "ambiguous";

/// Digits are an id, what has an '@' is an e-mail address, else it is a username of the bot's own
/// pod.
struct given_user {
  enum class kind { id, email, username };
  kind what = kind::username;
  user_id id;
};

/// Fails with `invalid_participants` and the code `usage`.
TUTTI_API result<given_user> read_user(const std::string& text);

/// The users of a JSON array such as `["ada", 8933531975682]`. Fails with `invalid_participants`
/// and the code `usage`; `where` is put before the reason. A byte-order mark is skipped.
TUTTI_API result<std::vector<std::string>> read_users(std::string_view json,
                                                      const std::string& where);

/// `unknown_user`, with the way out.
TUTTI_API failure no_such_user(const std::string& name, user_naming by);
TUTTI_API failure no_such_user(user_id id);

/// `invalid_participants` with the code `ambiguous`, naming the ids.
TUTTI_API failure several_users(const std::string& name, const std::vector<user_id>& ids);

/// The identity to act as on behalf of a user as given; a username is asked for at the pod as such
/// (`identify_user`), an e-mail address looked up by the bot. Errors: those of both,
/// `unknown_user`.
TUTTI_API task<result<identity>> find_given_identity(bot& with, std::string given,
                                                     std::chrono::milliseconds timeout);

/// The ids of users as given, looked up as `as`. An address is looked for on the bot's own pod
/// first, and on other pods only when no user of the own pod has it. Errors: those of
/// `find_named_users`, `unknown_user` for the first who is not visible, `invalid_participants`
/// (code `ambiguous` for a name that several users have), `deadline_exceeded`.
TUTTI_API task<result<std::vector<user_id>>> find_given_users(bot& with,
                                                              std::vector<std::string> given,
                                                              std::chrono::milliseconds timeout,
                                                              const identity& as = {});

/// The same with an outcome for each user as given, in that order; the failures above are theirs.
TUTTI_API task<result<std::vector<result<user_id>>>>
find_each_given_user(bot& with, std::vector<std::string> given, std::chrono::milliseconds timeout,
                     const identity& as = {});

/// An IM that is open, and with whom.
struct opened_im {
  im_created im;
  /// Sorted, each once; without the caller unless the form is `admin`.
  std::vector<user_id> participants;
};

/// Opens the IM with users as given; one deadline for look-ups and opening. Errors: those above,
/// and those of `create_im`.
TUTTI_API task<result<opened_im>> open_given_im(bot& with, std::vector<std::string> given,
                                                std::chrono::milliseconds timeout,
                                                im_form form = im_form::inclusive);

} // namespace tutti
