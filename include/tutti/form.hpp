// A form made of a class: its members are the fields, and a reply is an object of it.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/commands/texts.hpp>
#include <tutti/described.hpp>
#include <tutti/messageml.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tutti {

/// A field that is a time of day.
struct time_of_day {
  int hour = 0;
  int minute = 0;
  int second = 0;

  friend bool operator==(const time_of_day&, const time_of_day&) = default;
};
BOOST_DESCRIBE_STRUCT(time_of_day, (), (hour, minute, second))

/// A field that is a time zone.
struct time_zone {
  /// As the tz database has it, e.g. `Europe/Paris`.
  std::string name{};

  friend bool operator==(const time_zone&, const time_zone&) = default;
};
BOOST_DESCRIBE_STRUCT(time_zone, (), (name))

/// A field that is a table of which rows are chosen (`field_options::rows`); a form has one.
struct chosen_rows {
  std::vector<std::string> keys{};

  friend bool operator==(const chosen_rows&, const chosen_rows&) = default;
};
BOOST_DESCRIBE_STRUCT(chosen_rows, (), (keys))

struct selectable_row {
  /// Names it in the reply.
  std::string key{};
  std::vector<std::string> cells{};
};

/// How a field looks, and what it takes beside what its type says.
struct field_options {
  /// Empty: the member's name, with blanks for underscores.
  std::string label{};
  std::string placeholder{};
  /// Of a text: in characters.
  std::optional<int> min_length{};
  std::optional<int> max_length{};
  /// Of a text: a regular expression (RE2), and what is said when it does not match.
  std::string pattern{};
  std::string pattern_error{};
  /// Of a text: it has several lines.
  bool multiline = false;
  /// Of a number.
  std::optional<std::int64_t> least{};
  std::optional<std::int64_t> most{};
  /// Of an enum: how its values are shown, in their order; empty: by their names.
  std::vector<std::string> shown{};
  /// Of a table: what is above the cells, and its rows, 50 at most.
  std::vector<std::string> header{};
  std::vector<selectable_row> rows{};
};

struct form_look {
  std::string title{};
  std::string send = "Send";
  /// Empty: it has no such button.
  std::string cancel{};
  /// The text of a button that opens the form in a dialog; empty: it is in the message itself.
  std::string opened_by{};
};

namespace detail {

enum class field_form : std::uint8_t {
  text,
  integer,
  decimal,
  boolean,
  date,
  time,
  zone,
  rows,
  choice,
  choices,
  user,
  users,
  streams,
};

struct form_field {
  std::string name;
  field_form form = field_form::text;
  /// Something must be in it.
  bool required = true;
  /// Of an enum.
  std::vector<std::string> values{};
  /// What is in it at first.
  json_value preset{};
  /// What the type holds.
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  field_options options{};
};

template <class T>
struct field_type {
  static constexpr field_form form() {
    if constexpr (std::is_same_v<T, bool>)
      return field_form::boolean;
    else if constexpr (std::is_integral_v<T>)
      return field_form::integer;
    else if constexpr (std::is_floating_point_v<T>)
      return field_form::decimal;
    else if constexpr (std::is_same_v<T, std::chrono::year_month_day>)
      return field_form::date;
    else if constexpr (std::is_same_v<T, time_of_day>)
      return field_form::time;
    else if constexpr (std::is_same_v<T, time_zone>)
      return field_form::zone;
    else if constexpr (std::is_same_v<T, chosen_rows>)
      return field_form::rows;
    else if constexpr (std::is_same_v<T, user_id>)
      return field_form::user;
    else if constexpr (std::is_same_v<T, std::vector<user_id>>)
      return field_form::users;
    else if constexpr (std::is_same_v<T, std::vector<stream_id>>)
      return field_form::streams;
    else if constexpr (is_vector<T>)
      return field_form::choices;
    else if constexpr (boost::describe::has_describe_enumerators<T>::value)
      return field_form::choice;
    else
      return field_form::text;
  }
};

template <class T>
void add_values(std::vector<std::string>& into) {
  if constexpr (is_vector<T>)
    add_values<typename T::value_type>(into);
  else if constexpr (boost::describe::has_describe_enumerators<T>::value)
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto each) { into.emplace_back(each.name); });
}

/// Those of the type.
template <class Member>
void set_limits(form_field& into) {
  if constexpr (is_optional<Member>) {
    set_limits<typename Member::value_type>(into);
  } else if constexpr (std::is_integral_v<Member> && !std::is_same_v<Member, bool>) {
    into.least = std::numeric_limits<Member>::min();
    into.most = std::numeric_limits<Member>::max();
  }
}

template <class Member>
form_field field_of(const char* name, const Member& preset) {
  form_field made;
  made.name = name;
  if constexpr (std::is_same_v<Member, std::chrono::year_month_day>)
    made.preset = preset.ok() ? to_value(preset) : json_value{};
  else if constexpr (std::is_same_v<Member, time_of_day> || std::is_same_v<Member, time_zone>)
    made.preset = preset != Member{} ? to_value(preset) : json_value{};
  else
    made.preset = to_value(preset);
  if constexpr (is_optional<Member>) {
    using inner = typename Member::value_type;
    made.form = field_type<inner>::form();
    made.required = false;
    add_values<inner>(made.values);
  } else {
    made.form = field_type<Member>::form();
    made.required = made.form != field_form::boolean && made.form != field_form::users &&
                    made.form != field_form::streams && made.form != field_form::choices &&
                    made.form != field_form::rows;
    add_values<Member>(made.values);
  }
  set_limits<Member>(made);
  return made;
}

/// Throws `messageml::build_error` for what the agent would refuse.
TUTTI_API messageml::content form_content(const std::string& id, const form_look& look,
                                          const std::vector<form_field>& fields);
/// An object with a member for each field that was filled in, or what is wrong with the reply, for
/// the person.
TUTTI_API std::variant<json_value, std::string>
read_form_reply(const std::vector<form_field>& fields, const form_reply& reply,
                const command_texts& texts);

/// What was filled in, in a line for people.
std::string form_summary(const std::vector<form_field>& fields, const json_value& values);

/// What the core of the bot needs to know of a form.
struct form_definition {
  std::string id;
  form_look look;
  std::vector<form_field> fields;

  messageml::content content() const { return form_content(id, look, fields); }
};

} // namespace detail

/// `T` is described with BOOST_DESCRIBE_STRUCT; a member is a std::string, an integer, double, bool
/// (a box), std::chrono::year_month_day, time_of_day, time_zone, chosen_rows, a described enum or a
/// vector of one (a selection), user_id, a vector of user_id or stream_id (selectors), or a
/// std::optional of one of the first, which may be left empty. What a `T{}` has in it is what the
/// fields show at first.
template <class T>
class form {
public:
  /// `id`: names the form in its replies. Throws std::logic_error for a class with two tables.
  explicit form(std::string id, form_look look = {}) {
    all_->id = std::move(id);
    all_->look = std::move(look);
    const T preset{};
    int tables = 0;
    boost::mp11::mp_for_each<members>([&](auto member) {
      all_->fields.push_back(detail::field_of(member.name, preset.*member.pointer));
      tables += all_->fields.back().form == detail::field_form::rows ? 1 : 0;
    });
    if (tables > 1)
      throw std::logic_error{"form '" + all_->id + "': it has two members of type chosen_rows"};
  }

  /// Throws std::logic_error for a member that is not described.
  template <class Member>
  form& field(Member T::*which, field_options options) {
    std::size_t index = 0;
    bool found = false;
    boost::mp11::mp_for_each<members>([&](auto member) {
      if constexpr (std::is_same_v<decltype(member.pointer), Member T::*const> ||
                    std::is_same_v<decltype(member.pointer), Member T::*>) {
        if (member.pointer == which) {
          auto changed = std::make_shared<detail::form_definition>(*all_); // Of this copy only.
          changed->fields[index].options = options;
          all_ = std::move(changed);
          found = true;
        }
      }
      ++index;
    });
    if (!found)
      throw std::logic_error{"form: a member that is not described"};
    return *this;
  }

  const std::string& id() const noexcept { return all_->id; }
  /// For a message of one's own, whose replies are events (`event_kind::form_replied`).
  messageml::content content() const { return all_->content(); }
  std::shared_ptr<const detail::form_definition> definition() const noexcept { return all_; }

  static T from(const json_value& values) {
    T read{};
    read_value(values, read);
    return read;
  }

  /// A reply that came as an event: what was filled in, or what is wrong with it, for the person.
  std::variant<T, std::string> read(const form_reply& reply,
                                    const command_texts& texts = {}) const {
    auto values = detail::read_form_reply(all_->fields, reply, texts);
    if (auto* wrong = std::get_if<std::string>(&values))
      return std::move(*wrong);
    return from(std::get<json_value>(values));
  }

  /// Of `bot.on_form`: calls `handle(chat&, T&)`.
  template <class Handler>
  std::function<task<>(chat&, const json_value&)> handler(Handler handle) const {
    return [shared = std::make_shared<Handler>(std::move(handle))](
               chat& where, const json_value& values) { return call(shared, where, from(values)); };
  }

private:
  /// Holds the values until the handler has ended: it may take them by reference.
  template <class Handler>
  static task<> call(std::shared_ptr<Handler> handle, chat& where, T values) {
    if constexpr (std::is_void_v<std::invoke_result_t<Handler&, chat&, T&>>)
      (*handle)(where, values);
    else
      co_await (*handle)(where, values);
    co_return;
  }

  using members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;
  std::shared_ptr<detail::form_definition> all_ = std::make_shared<detail::form_definition>();
};

/// Who may reply to a form, and for how long.
struct form_rules {
  /// A person replies once; else several times.
  bool once_per_user = true;
  /// This person alone.
  std::optional<user_id> only{};
  /// It is over with the first reply.
  bool once = false;
  /// From then on it is over, and its message says so.
  std::chrono::milliseconds expires = std::chrono::hours{24 * 30};
};

template <class T>
task<message> chat::say_form(const form<T>& which) {
  return say_form(which.definition(), form_rules{});
}
template <class T>
task<message> chat::say_form(const form<T>& which, form_rules rules) {
  return say_form(which.definition(), rules);
}

} // namespace tutti
