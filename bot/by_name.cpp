// Look-ups by name, then the IM.
#include <tutti/by_name.hpp>

#include <bot/characters.hpp>

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

namespace tutti {

namespace {

failure wrong(std::string detail) {
  return {errc::invalid_participants, std::move(detail), 0, usage_code};
}

/// One deadline for several questions.
class time_left {
public:
  explicit time_left(std::chrono::milliseconds timeout)
      : due_(std::chrono::steady_clock::now() + timeout) {}

  /// For the next question; never 0, which would mean the usual time.
  ask_options options() const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        due_ - std::chrono::steady_clock::now());
    return {std::max(left, std::chrono::milliseconds{1})};
  }

private:
  std::chrono::steady_clock::time_point due_;
};

/// What came of a user as given.
struct outcome {
  result<user_id> user;
  /// It was found on the caller's own pod.
  bool same_pod = false;
};

using outcomes = std::map<std::string, outcome>;

/// Those of `asked` without an outcome.
std::set<std::string> missing(const std::set<std::string>& asked, const outcomes& known) {
  std::set<std::string> left;
  std::copy_if(asked.begin(), asked.end(), std::inserter(left, left.end()),
               [&](const std::string& each) { return !known.contains(each); });
  return left;
}

/// Adds those found, or found several times, to `known`.
task<result<void>> look_up(bot& with, identity as, user_naming by, std::set<std::string> names,
                           time_left time, outcomes& known) {
  if (names.empty())
    co_return {};
  auto asked = with.ask(find_named_users{as, by, std::move(names)}, time.options());
  auto found = co_await asked;
  if (!found)
    co_return found.error();
  for (const auto& [name, id] : found->users)
    known.insert_or_assign(name, outcome{id, by != user_naming::email_anywhere});
  for (const auto& [name, ids] : found->ambiguous)
    known.insert_or_assign(name, outcome{several_users(name, ids)});
  co_return {};
}

task<result<std::vector<outcome>>> find_all(bot& with, identity as, std::vector<std::string> given,
                                            time_left time) {
  outcomes known;
  std::set<std::string> usernames;
  std::set<std::string> addresses;
  for (const auto& text : given) {
    auto user = read_user(text);
    if (!user)
      known.insert_or_assign(text, outcome{user.error()});
    else if (user->what == given_user::kind::id)
      known.insert_or_assign(text, outcome{user->id});
    else
      (user->what == given_user::kind::email ? addresses : usernames).insert(text);
  }
  if (auto done = co_await look_up(with, as, user_naming::username, usernames, time, known); !done)
    co_return done.error();
  if (auto done = co_await look_up(with, as, user_naming::email, addresses, time, known); !done)
    co_return done.error();
  // Those of other pods; the others need not be asked for twice.
  if (auto done = co_await look_up(with, as, user_naming::email_anywhere, missing(addresses, known),
                                   time, known);
      !done)
    co_return done.error();
  for (const auto& [names, by] :
       {std::pair{&usernames, user_naming::username}, std::pair{&addresses, user_naming::email}})
    for (const auto& each : missing(*names, known))
      known.insert_or_assign(each, outcome{no_such_user(each, by)});
  std::vector<outcome> all;
  all.reserve(given.size());
  for (const auto& text : given)
    all.push_back(known.at(text));
  co_return all;
}

struct found_users {
  std::vector<user_id> ids;
  /// All were found on the caller's own pod.
  bool same_pod = true;
};

task<result<found_users>> find_given(bot& with, identity as, std::vector<std::string> given,
                                     time_left time) {
  for (const auto& text : given)
    if (auto user = read_user(text); !user)
      co_return user.error();
  auto looking = find_all(with, as, std::move(given), time);
  auto found = co_await std::move(looking);
  if (!found)
    co_return found.error();
  found_users all;
  all.ids.reserve(found->size());
  for (const auto& [user, same_pod] : *found) {
    if (!user)
      co_return user.error();
    all.ids.push_back(*user);
    all.same_pod = all.same_pod && same_pod;
  }
  co_return all;
}

// The public functions are no coroutines: one would keep a reference to the caller's identity.

task<result<std::vector<user_id>>> ids_of(task<result<found_users>> looking) {
  auto found = co_await std::move(looking);
  if (!found)
    co_return found.error();
  co_return std::move(found->ids);
}

task<result<std::vector<result<user_id>>>> users_of(task<result<std::vector<outcome>>> looking) {
  auto found = co_await std::move(looking);
  if (!found)
    co_return found.error();
  std::vector<result<user_id>> all;
  all.reserve(found->size());
  for (auto& each : *found)
    all.push_back(std::move(each.user));
  co_return all;
}

std::vector<user_id> each_once(const std::vector<user_id>& ids) {
  const std::set<user_id> all{ids.begin(), ids.end()};
  return {all.begin(), all.end()};
}

} // namespace

namespace {

/// UTF-8's byte-order mark, which some editors and shells put before a text.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

result<given_user> read_user(const std::string& text) {
  auto number = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0) == text.npos;
  if (text.empty() || text == "-")
    return wrong("'" + text + "' is no user; give an id, a username or an e-mail address");
  constexpr std::size_t longest = 254; // An e-mail address (RFC 5321).
  const auto length = characters_in(text);
  if (length > longest)
    return wrong("a user of " + std::to_string(length) + " characters is none");
  if (text.find(',') != text.npos) // The pod would take it for several names.
    return wrong("'" + text + "' is no user; give each user by itself, without a comma");
  if (!number)
    return given_user{
        text.find('@') == text.npos ? given_user::kind::username : given_user::kind::email, {}};
  auto id = user_id::parse(text);
  if (!id)
    return wrong(id.error().detail);
  return given_user{given_user::kind::id, *id};
}

result<std::vector<std::string>> read_users(std::string_view json, const std::string& where) {
  if (json.starts_with(byte_order_mark))
    json.remove_prefix(byte_order_mark.size());
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(json.data(), json.size()).get_array().get(rows))
    return wrong(where + R"(: not a JSON array of users, such as ["ada", 8933531975682])");
  std::vector<std::string> users;
  for (auto row : rows) {
    std::int64_t number = 0;
    std::string_view text;
    if (row.get_int64().get(number) == simdjson::SUCCESS)
      users.push_back(std::to_string(number));
    else if (row.get_string().get(text) == simdjson::SUCCESS)
      users.emplace_back(text);
    else
      return wrong(where + ": " + simdjson::minify(row) +
                   " is no user; write an id, a username or an e-mail address");
  }
  if (users.empty())
    return wrong(where + ": no user in it; an IM needs one other participant");
  return users;
}

failure no_such_user(const std::string& name, user_naming by) {
  return {errc::unknown_user,
          "no user '" + name + "' is visible to the bot" +
              (by == user_naming::username
                   ? "; usernames are case-sensitive and of the bot's own pod, others are named "
                     "by e-mail address or id"
                   : "; check the address; to see users of other pods the bot needs "
                     "isExternalIMEnabled"),
          0,
          {}};
}

failure no_such_user(user_id id) {
  return {errc::unknown_user,
          "no user " + std::to_string(id.value()) +
              " is visible; to see users of other pods isExternalIMEnabled is needed",
          0,
          {}};
}

failure several_users(const std::string& name, const std::vector<user_id>& ids) {
  constexpr std::size_t most = 10;
  std::string list;
  for (std::size_t at = 0; at < std::min(most, ids.size()); ++at)
    list.append(list.empty() ? "" : ", ").append(std::to_string(ids[at].value()));
  if (ids.size() > most)
    list.append(" and ").append(std::to_string(ids.size() - most)).append(" more");
  return {errc::invalid_participants,
          "'" + name + "' is the name of " + std::to_string(ids.size()) + " active users: ids " +
              list + "; give the id of the one that is meant",
          0, ambiguous_code};
}

task<result<std::vector<user_id>>> find_given_users(bot& with, std::vector<std::string> given,
                                                    std::chrono::milliseconds timeout,
                                                    const identity& as) {
  return ids_of(find_given(with, as, std::move(given), time_left{timeout}));
}

task<result<std::vector<result<user_id>>>> find_each_given_user(bot& with,
                                                                std::vector<std::string> given,
                                                                std::chrono::milliseconds timeout,
                                                                const identity& as) {
  return users_of(find_all(with, as, std::move(given), time_left{timeout}));
}

task<result<identity>> find_given_identity(bot& with, std::string given,
                                           std::chrono::milliseconds timeout) {
  auto time = time_left{timeout};
  auto user = read_user(given);
  if (!user)
    co_return user.error();
  if (user->what == given_user::kind::id)
    co_return identity::on_behalf_of(user->id);
  if (user->what == given_user::kind::username) {
    auto asked = with.ask(identify_user{given}, time.options());
    auto found = co_await asked;
    if (!found)
      co_return found.error();
    co_return identity::on_behalf_of(found->id);
  }
  std::vector<std::string> all;
  all.push_back(std::move(given));
  auto found = co_await find_given(with, {}, std::move(all), time);
  if (!found) {
    auto why = found.error();
    if (why.code == "no_bot")
      why.detail =
          "an e-mail address is looked up by the bot, and there is none: give the user's id or "
          "username, or set bot.username and bot.privateKey.path";
    co_return why;
  }
  co_return identity::on_behalf_of(found->ids.front());
}

task<result<opened_im>> open_given_im(bot& with, std::vector<std::string> given,
                                      std::chrono::milliseconds timeout, im_form form) {
  auto time = time_left{timeout};
  auto found = co_await find_given(with, {}, std::move(given), time);
  if (!found)
    co_return found.error();
  const auto& ids = found->ids;
  const auto known = with.find_im(ids, {}, form).has_value();
  create_im request;
  request.participants = ids;
  request.form = form;
  request.same_pod = found->same_pod;
  auto asked = with.ask(std::move(request), time.options());
  auto opened = co_await asked;
  if (!opened)
    co_return opened.error();
  if (known) // Also while the pod is away, which would have to say who the bot is.
    co_return opened_im{*opened, each_once(ids)};
  auto who = with.ask(whoami{}, time.options());
  auto caller = co_await who;
  if (!caller)
    co_return caller.error();
  auto members = participant_set::make(form, ids, caller->id, multi_party::allow);
  if (!members)
    co_return members.error();
  co_return opened_im{*opened, {members->users().begin(), members->users().end()}};
}

} // namespace tutti
