// Fields of a form made of a class: how they look.
#include <bot/hearing/forms/field_texts.hpp>

#include <algorithm>
#include <utility>

namespace tutti::detail {

namespace {

/// What a text field and a text area have in common.
template <class Options>
Options text_options(const form_field& which, std::string pattern, std::string pattern_error) {
  const auto& how = which.options;
  Options made;
  made.label = label_of(which);
  made.placeholder = how.placeholder;
  made.required = which.required;
  made.min_length = how.min_length;
  made.max_length = how.max_length;
  made.pattern = std::move(pattern);
  made.pattern_error = std::move(pattern_error);
  made.value = text_of(which.preset);
  return made;
}

messageml::form_part text_part(const form_field& which, std::string pattern,
                               std::string pattern_error) {
  if (which.options.multiline)
    return messageml::text_area(
        which.name, text_options<messageml::text_area_options>(which, std::move(pattern),
                                                               std::move(pattern_error)));
  return messageml::text_field(
      which.name, text_options<messageml::text_field_options>(which, std::move(pattern),
                                                              std::move(pattern_error)));
}

messageml::form_part select_part(const form_field& which) {
  std::vector<messageml::choice> choices;
  choices.reserve(which.values.size());
  std::vector<std::string> preset;
  if (which.form == field_form::choices)
    read_value(which.preset, preset);
  else
    preset.push_back(text_of(which.preset));
  for (std::size_t i = 0; i < which.values.size(); ++i) {
    const auto& value = which.values[i];
    const auto& shown = i < which.options.shown.size() ? which.options.shown[i] : value;
    const auto chosen = std::find(preset.begin(), preset.end(), value) != preset.end();
    choices.push_back({value, shown, chosen});
  }
  messageml::select_options made;
  made.label = label_of(which);
  made.placeholder = which.options.placeholder;
  made.required = which.required;
  made.multiple = which.form == field_form::choices;
  return messageml::select(which.name, choices, made);
}

/// A row with a box is one that can be chosen.
messageml::form_part table_part(const form_field& which) {
  using namespace messageml;
  std::vector<table_row<form_part>> rows;
  rows.reserve(which.options.rows.size() + 1);
  chosen_rows preset;
  read_value(which.preset, preset);
  if (!which.options.header.empty()) {
    std::vector<table_cell<form_part>> cells;
    cells.reserve(which.options.header.size() + 1);
    cells.push_back(header_cell(form_part{label_of(which)}));
    for (const auto& each : which.options.header)
      cells.push_back(header_cell(form_part{each}));
    rows.push_back(row(cells));
  }
  for (std::size_t i = 0; i < which.options.rows.size(); ++i) {
    const auto& one = which.options.rows[i];
    box_options how;
    how.checked = std::find(preset.keys.begin(), preset.keys.end(), one.key) != preset.keys.end();
    std::vector<table_cell<form_part>> cells;
    cells.reserve(one.cells.size() + 1);
    cells.push_back(cell(checkbox(std::string{row_prefix} + std::to_string(i + 1), "", how)));
    for (const auto& each : one.cells)
      cells.push_back(cell(form_part{each}));
    rows.push_back(row(cells));
  }
  return table(rows);
}

messageml::form_part part_of(const form_field& which) {
  switch (which.form) {
  case field_form::text: {
    const auto& how = which.options;
    const auto plain = how.pattern.empty() || !how.pattern_error.empty();
    return text_part(which, how.pattern, plain ? how.pattern_error : "not as it is wanted");
  }
  case field_form::integer:
    return text_part(which, "^[+-]?[0-9]+$", "a whole number");
  case field_form::decimal:
    return text_part(which, "^[+-]?[0-9]*[.]?[0-9]+$", "a number");
  case field_form::boolean: {
    messageml::box_options made;
    made.checked = which.preset == json_value{true};
    return messageml::checkbox(which.name, label_of(which), made);
  }
  case field_form::date: {
    messageml::date_options made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    if (which.preset != json_value{})
      made.value = date_text(which.preset);
    return messageml::date_picker(which.name, made);
  }
  case field_form::time: {
    messageml::time_options made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    time_of_day preset;
    if (which.preset != json_value{}) {
      read_value(which.preset, preset);
      made.value = time_text(preset);
    }
    return messageml::time_picker(which.name, made);
  }
  case field_form::zone: {
    messageml::zone_options made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    time_zone preset;
    if (which.preset != json_value{}) {
      read_value(which.preset, preset);
      made.value = preset.name;
    }
    return messageml::timezone_picker(which.name, made);
  }
  case field_form::rows:
    return table_part(which);
  case field_form::choice:
  case field_form::choices:
    return select_part(which);
  case field_form::user:
  case field_form::users: {
    messageml::selector_options<user_id> made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    return messageml::person_selector(which.name, made);
  }
  case field_form::streams: {
    messageml::selector_options<stream_id> made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    return messageml::room_selector(which.name, made);
  }
  }
  return text_part(which, {}, {});
}

} // namespace

namespace {

/// The id of a dialog has no blanks and 64 characters at most; no form of the message has it.
std::string dialog_id(std::string of) {
  constexpr std::size_t most = 50;
  of.resize(std::min(of.size(), most));
  for (auto& each : of)
    if (static_cast<unsigned char>(each) <= 0x20)
      each = '-';
  return of + "-dialog";
}

} // namespace

messageml::content form_content(const std::string& id, const form_look& look,
                                const std::vector<form_field>& fields) {
  messageml::detail::markup inside;
  for (const auto& each : fields)
    inside.append(part_of(each).good());
  messageml::detail::markup buttons;
  buttons.append(messageml::action("send", look.send).good());
  if (!look.cancel.empty())
    buttons.append(messageml::cancel("cancel", look.cancel).good());
  messageml::form_options how;
  how.id = id;
  if (look.opened_by.empty()) {
    messageml::detail::markup all;
    if (!look.title.empty())
      all.append(messageml::heading(3, look.title).good());
    all.append(inside);
    all.append(buttons);
    return messageml::detail::form(how, all);
  }
  messageml::dialog_options shown;
  shown.id = dialog_id(id);
  auto all = messageml::open_dialog(look.opened_by, shown.id).good();
  all.append(
      messageml::dialog(shown, how,
                        messageml::dialog_title(look.title.empty() ? look.opened_by : look.title),
                        messageml::dialog_body(messageml::form_part{std::move(inside)}),
                        messageml::dialog_footer(messageml::form_part{std::move(buttons)}))
          .good());
  return messageml::content{std::move(all)};
}

} // namespace tutti::detail
