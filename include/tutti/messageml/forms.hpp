// Builds forms and their fields ("Elements").
#pragma once

#include <tutti/messageml/intervals.hpp>
#include <tutti/messageml/part.hpp>

#include <tutti/ids.hpp>

#include <span>
#include <vector>

namespace tutti::messageml {

// -- text ---------------------------------------------------------------------------

/// Lengths are in characters (UTF-16 units).
struct text_field_options {
  std::string label{};
  /// Shown when the pointer rests on the field.
  std::string title{};
  std::string placeholder{};
  bool required = false;
  std::optional<int> min_length{};
  std::optional<int> max_length{};
  /// Clients check it, the agent does not: check again what comes back.
  std::string pattern{};
  std::string pattern_error{};
  /// What is in it at first.
  std::string value{};
  bool disabled = false;
  bool readonly = false;
  /// Shown as dots. It comes back in clear.
  bool masked = false;
  /// The form is sent when its text has changed.
  bool auto_submit = false;
};
/// At most 128 characters.
TUTTI_API form_part text_field(std::string_view name, const text_field_options& options =
                                                          detail::no_options<text_field_options>());

/// As of a text field.
struct text_area_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  std::optional<int> min_length{};
  std::optional<int> max_length{};
  std::string pattern{};
  std::string pattern_error{};
  std::string value{};
  bool disabled = false;
  bool readonly = false;
  /// Its size in lines and characters.
  std::optional<int> rows{};
  std::optional<int> columns{};
};
/// At most 10,000 characters, with line feeds.
TUTTI_API form_part text_area(std::string_view name, const text_area_options& options =
                                                         detail::no_options<text_area_options>());
/// A text area in which a user formats the text.
TUTTI_API form_part
rich_text_area(std::string_view name,
               const text_area_options& options = detail::no_options<text_area_options>());

// -- choices ------------------------------------------------------------------------

struct box_options {
  /// What comes back when it is checked.
  std::string value{"on"};
  bool checked = false;
  bool disabled = false;
  bool readonly = false;
};
/// What is beside a box: text, bold and italic, on one line.
class box_label : public part {
public:
  box_label(const char* text) : box_label(std::string_view{text}) {}
  TUTTI_API box_label(std::string_view text);
  box_label(const std::string& text) : box_label(std::string_view{text}) {}
  /// Other phrases are refused with the form.
  box_label(const phrase& within) : part(within.good()) {}
};
/// At most 50 in a form.
TUTTI_API form_part checkbox(std::string_view name, const box_label& label,
                             const box_options& options = detail::no_options<box_options>());
/// Of several with one name one can be chosen. At most 50 in a form.
TUTTI_API form_part radio(std::string_view name, const box_label& label,
                          const box_options& options = detail::no_options<box_options>());

struct choice {
  std::string value;
  std::string shown;
  bool selected = false;
};
struct select_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  bool multiple = false;
  /// With `multiple` only.
  std::optional<int> min{};
  std::optional<int> max{};
  bool disabled = false;
  bool readonly = false;
  /// The form is sent when a choice is made.
  bool auto_submit = false;
};
/// At least one choice.
TUTTI_API form_part select(std::string_view name, std::span<const choice> choices,
                           const select_options& options = detail::no_options<select_options>());
inline form_part select(std::string_view name, std::initializer_list<choice> choices,
                        const select_options& options = detail::no_options<select_options>()) {
  return select(name, std::span{choices.begin(), choices.size()}, options);
}

// -- dates, times, zones --------------------------------------------------------------

struct date_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  /// Dates like `2026-03-01`.
  std::string value{};
  std::string min{};
  std::string max{};
  /// How clients show it, as `dd/MM/yyyy`; what comes back is as in `value`.
  std::string format{};
  /// Days that cannot be chosen, and days that are highlighted.
  std::vector<date_interval> disabled_dates{};
  std::vector<date_interval> highlighted_dates{};
  bool disabled = false;
  bool readonly = false;
};
TUTTI_API form_part date_picker(std::string_view name,
                                const date_options& options = detail::no_options<date_options>());

/// The older picker of a date, which shows today at first; `date_picker` can do more.
TUTTI_API form_part date_selector(std::string_view name, std::string_view placeholder = {},
                                  bool required = false);

struct time_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  /// Times like `09:30:00`.
  std::string value{};
  std::string min{};
  std::string max{};
  /// How clients show it, as `HH:mm`.
  std::string format{};
  /// Between the times offered, from ten minutes to twelve hours.
  std::optional<std::chrono::seconds> step{};
  /// A user may choose one that is offered, and none other.
  bool strict = false;
  std::vector<time_interval> disabled_times{};
  bool disabled = false;
  bool readonly = false;
};
TUTTI_API form_part time_picker(std::string_view name,
                                const time_options& options = detail::no_options<time_options>());

struct zone_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  /// As `Europe/Paris`. None: the reader's own; an empty one: none is chosen at first.
  std::optional<std::string> value{};
  std::vector<std::string> disabled_zones{};
};
TUTTI_API form_part timezone_picker(
    std::string_view name, const zone_options& options = detail::no_options<zone_options>());

// -- people and rooms -----------------------------------------------------------------

template <class Id>
struct selector_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  /// Who or what is chosen at first.
  std::vector<Id> value{};
};
TUTTI_API form_part person_selector(
    std::string_view name,
    const selector_options<user_id>& options = detail::no_options<selector_options<user_id>>());
TUTTI_API form_part room_selector(
    std::string_view name,
    const selector_options<stream_id>& options = detail::no_options<selector_options<stream_id>>());

// -- buttons --------------------------------------------------------------------------

enum class button_look : std::uint8_t {
  primary,
  secondary,
  tertiary,
  destructive,
  primary_link,
  destructive_link,
};
struct button_options {
  button_look look = button_look::primary;
  std::string title{};
  std::string icon{};
  /// The form is sent although a required field is empty, or one does not match its pattern.
  bool skips_validation = false;
};
/// Sends the form; `name` comes back as the action.
TUTTI_API form_part action(std::string_view name, std::string_view label,
                           const button_options& options = detail::no_options<button_options>());
inline form_part action(std::string_view name, std::string_view label, button_look look) {
  return action(name, label, {.look = look});
}
/// Ends a form without its values; in a dialog, closes it.
TUTTI_API form_part cancel(std::string_view name, std::string_view label,
                           const button_options& options = {.look = button_look::secondary});
/// Empties the fields.
TUTTI_API form_part reset(std::string_view label,
                          const button_options& options = {.look = button_look::secondary});

// -- forms ----------------------------------------------------------------------------

struct form_options {
  /// Names the form in its replies; no other form or dialog of the message has it.
  std::string id{};
  /// A user may send it several times; `reset_fields`: its fields are emptied each time.
  bool several_times = false;
  bool reset_fields = false;
};

namespace detail {

TUTTI_API content form(const form_options& options, const markup& inside);

} // namespace detail

/// Needs an `action`; its rules are checked at once.
template <goes_into<form_part>... Parts>
content form(const form_options& options, const Parts&... parts) {
  return detail::form(options, detail::joined<form_part>(parts...));
}
template <goes_into<form_part>... Parts>
content form(std::string_view id, const Parts&... parts) {
  return detail::form({.id = std::string{id}}, detail::joined<form_part>(parts...));
}

} // namespace tutti::messageml
