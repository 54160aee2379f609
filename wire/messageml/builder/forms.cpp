// Builds forms and their fields.
#include <tutti/messageml/forms.hpp>

#include <wire/messageml/builder/buttons.hpp>
#include <wire/messageml/builder/escape.hpp>
#include <wire/messageml/text/values.hpp>

namespace tutti::messageml {

namespace {

using detail::unless_empty;

std::optional<std::string> if_set(bool value) {
  return value ? std::optional<std::string>{"true"} : std::nullopt;
}

std::optional<std::string> number(const std::optional<int>& value) {
  return value ? std::optional{std::to_string(*value)} : std::nullopt;
}

/// A JSON array of what `shown` makes of each; nothing for none.
template <class All, class Shown>
std::optional<std::string> list_of(const All& all, Shown shown) {
  if (all.empty())
    return std::nullopt;
  std::string list;
  for (const auto& each : all)
    (list += list.empty() ? "[" : ",") += shown(each);
  return list + "]";
}

template <class Interval>
std::optional<std::string> intervals(const std::vector<Interval>& all) {
  return list_of(all, [](const Interval& each) { return each.json(); });
}

} // namespace

form_part text_field(std::string_view name, const text_field_options& options) {
  return form_part{detail::element("text-field",
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"masked", if_set(options.masked)},
                                    {"minlength", number(options.min_length)},
                                    {"maxlength", number(options.max_length)},
                                    {"pattern", unless_empty(options.pattern)},
                                    {"pattern-error-message", unless_empty(options.pattern_error)},
                                    {"disabled", if_set(options.disabled)},
                                    {"readonly", if_set(options.readonly)},
                                    {"auto-submit", if_set(options.auto_submit)}},
                                   lines(options.value))};
}

namespace {

form_part area(std::string_view tag, std::string_view name, const text_area_options& options) {
  return form_part{detail::element(tag,
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"minlength", number(options.min_length)},
                                    {"maxlength", number(options.max_length)},
                                    {"pattern", unless_empty(options.pattern)},
                                    {"pattern-error-message", unless_empty(options.pattern_error)},
                                    {"disabled", if_set(options.disabled)},
                                    {"readonly", if_set(options.readonly)},
                                    {"rows", number(options.rows)},
                                    {"cols", number(options.columns)}},
                                   lines(options.value))};
}

form_part box(std::string_view tag, std::string_view name, const box_label& label,
              const box_options& options) {
  return form_part{detail::element(tag,
                                   {{"name", std::string{name}},
                                    {"value", options.value},
                                    {"checked", if_set(options.checked)},
                                    {"disabled", if_set(options.disabled)},
                                    {"readonly", if_set(options.readonly)}},
                                   label.good())};
}

template <class Id, class Shown>
form_part selector(std::string_view tag, std::string_view name, const selector_options<Id>& options,
                   Shown shown) {
  return form_part{detail::element(tag, {{"name", std::string{name}},
                                         {"label", unless_empty(options.label)},
                                         {"title", unless_empty(options.title)},
                                         {"placeholder", unless_empty(options.placeholder)},
                                         {"required", if_set(options.required)},
                                         {"value", list_of(options.value, shown)}})};
}

} // namespace

form_part text_area(std::string_view name, const text_area_options& options) {
  return area("textarea", name, options);
}

form_part rich_text_area(std::string_view name, const text_area_options& options) {
  return area("richtextarea", name, options);
}

box_label::box_label(std::string_view text) : part(lines(text)) {}

form_part checkbox(std::string_view name, const box_label& label, const box_options& options) {
  return box("checkbox", name, label, options);
}

form_part radio(std::string_view name, const box_label& label, const box_options& options) {
  return box("radio", name, label, options);
}

form_part select(std::string_view name, std::span<const choice> choices,
                 const select_options& options) {
  detail::markup inside;
  for (const auto& each : choices)
    inside.append(detail::element(
        "option", {{"value", each.value}, {"selected", if_set(each.selected)}}, lines(each.shown)));
  return form_part{detail::element("select",
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"data-placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"multiple", if_set(options.multiple)},
                                    {"min", number(options.min)},
                                    {"max", number(options.max)},
                                    {"disabled", if_set(options.disabled)},
                                    {"readonly", if_set(options.readonly)},
                                    {"auto-submit", if_set(options.auto_submit)}},
                                   inside)};
}

form_part date_picker(std::string_view name, const date_options& options) {
  return form_part{
      detail::element("date-picker", {{"name", std::string{name}},
                                      {"label", unless_empty(options.label)},
                                      {"title", unless_empty(options.title)},
                                      {"placeholder", unless_empty(options.placeholder)},
                                      {"required", if_set(options.required)},
                                      {"value", unless_empty(options.value)},
                                      {"min", unless_empty(options.min)},
                                      {"max", unless_empty(options.max)},
                                      {"format", unless_empty(options.format)},
                                      {"disabled-date", intervals(options.disabled_dates)},
                                      {"highlighted-date", intervals(options.highlighted_dates)},
                                      {"disabled", if_set(options.disabled)},
                                      {"readonly", if_set(options.readonly)}})};
}

form_part date_selector(std::string_view name, std::string_view placeholder, bool required) {
  return form_part{detail::element("date-selector", {{"name", std::string{name}},
                                                     {"placeholder", unless_empty(placeholder)},
                                                     {"required", if_set(required)}})};
}

form_part time_picker(std::string_view name, const time_options& options) {
  const auto step = options.step ? std::optional{std::to_string(options.step->count())}
                                 : std::optional<std::string>{};
  return form_part{
      detail::element("time-picker", {{"name", std::string{name}},
                                      {"label", unless_empty(options.label)},
                                      {"title", unless_empty(options.title)},
                                      {"placeholder", unless_empty(options.placeholder)},
                                      {"required", if_set(options.required)},
                                      {"value", unless_empty(options.value)},
                                      {"min", unless_empty(options.min)},
                                      {"max", unless_empty(options.max)},
                                      {"format", unless_empty(options.format)},
                                      {"step", step},
                                      {"strict", if_set(options.strict)},
                                      {"disabled-time", intervals(options.disabled_times)},
                                      {"disabled", if_set(options.disabled)},
                                      {"readonly", if_set(options.readonly)}})};
}

form_part timezone_picker(std::string_view name, const zone_options& options) {
  return form_part{detail::element(
      "timezone-picker",
      {{"name", std::string{name}},
       {"label", unless_empty(options.label)},
       {"title", unless_empty(options.title)},
       {"placeholder", unless_empty(options.placeholder)},
       {"required", if_set(options.required)},
       {"value", options.value},
       {"disabled-timezone", list_of(options.disabled_zones, [](const std::string& zone) {
          if (!is_zone(zone))
            detail::refuse("timezone-picker", "disabled-timezone",
                           "'" + zone + "' is no time zone, as Europe/Paris");
          return "\"" + zone + "\"";
        })}})};
}

form_part person_selector(std::string_view name, const selector_options<user_id>& options) {
  return selector("person-selector", name, options,
                  [](user_id each) { return std::to_string(each.value()); });
}

form_part room_selector(std::string_view name, const selector_options<stream_id>& options) {
  return selector("room-selector", name, options, [](const stream_id& each) {
    if (each == stream_id{})
      detail::refuse("room-selector", "value", "a stream is empty");
    return std::string{"\""}.append(each.text()).append("\"");
  });
}

// -- buttons ------------------------------------------------------------------------

detail::markup button(std::string_view name, std::string_view type, std::string_view label,
                      const button_options& options) {
  static constexpr const char* looks[] = {"primary",     "secondary",    "tertiary",
                                          "destructive", "primary-link", "destructive-link"};
  return detail::element("button",
                         {{"name", unless_empty(name)},
                          {"type", unless_empty(type)},
                          {"class", looks[static_cast<int>(options.look)]},
                          {"title", unless_empty(options.title)},
                          {"icon", unless_empty(options.icon)},
                          {"formnovalidate", if_set(options.skips_validation)}},
                         lines(label));
}

form_part action(std::string_view name, std::string_view label, const button_options& options) {
  return form_part{button(name, "action", label, options)};
}

form_part cancel(std::string_view name, std::string_view label, const button_options& options) {
  return form_part{button(name, "cancel", label, options)};
}

form_part reset(std::string_view label, const button_options& options) {
  return form_part{button({}, "reset", label, options)};
}

// -- forms --------------------------------------------------------------------------

detail::markup form_around(const form_options& options, const detail::markup& inside) {
  const auto again = options.reset_fields    ? std::optional<std::string>{"reset"}
                     : options.several_times ? std::optional<std::string>{"no-reset"}
                                             : std::nullopt;
  return detail::element("form", {{"id", options.id}, {"multi-submit", again}}, inside);
}

content detail::form(const form_options& options, const markup& inside) {
  return content{checked_alone(form_around(options, inside))}; // Rules between fields.
}

} // namespace tutti::messageml
