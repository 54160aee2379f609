// The builder of messages: markup is made here and checked by the table.
#include <tutti/messageml.hpp>

#include <wire/messageml/grammar/attributes.hpp>
#include <wire/messageml/grammar/choose.hpp>
#include <wire/messageml/messageml.hpp>

namespace tutti::messageml {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// How many bytes the character takes that the text begins with; 0 when a message cannot hold it:
/// broken UTF-8, a surrogate, U+FFFE or U+FFFF, a control.
std::size_t character(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = at(0);
  if (first < 0x80)
    return first >= 0x20 || first == '\t' || first == '\n' ? 1 : 0;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xC0U) != 0x80U)
      return 0;
  const auto second = at(1);
  const auto overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const auto surrogate = first == 0xED && second >= 0xA0;
  const auto beyond = first == 0xF4 && second >= 0x90;
  const auto no_character = first == 0xEF && second == 0xBF && at(2) >= 0xBE;
  return overlong || surrogate || beyond || no_character ? 0 : length;
}

enum class where { line, preformatted, attribute };

std::string_view reference(char c, where place) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  case '$': // Begins a template.
    return "&#36;";
  case '#':
    return "&#35;";
  case '\n':
    return place == where::line ? "<br/>" : place == where::attribute ? "&#10;" : "\n";
  case '\t':
    return place == where::attribute ? "&#9;" : "\t";
  default:
    return {};
  }
}

std::string escape(std::string_view text, where place) {
  std::string made;
  while (!text.empty()) {
    if (text.starts_with("\r\n"))
      text.remove_prefix(1);
    const auto size = text.front() == '\r' ? 1 : character(text);
    const auto c = text.front() == '\r' ? '\n' : text.front();
    const auto instead = size == 1 ? reference(c, place) : std::string_view{};
    if (size == 0)
      made += replacement;
    else if (!instead.empty())
      made += instead;
    else
      made += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return made;
}

std::optional<std::string> unless_empty(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional{value};
}

std::optional<std::string> if_set(bool value) {
  return value ? std::optional<std::string>{"true"} : std::nullopt;
}

std::optional<std::string> number(const std::optional<int>& value) {
  return value ? std::optional{std::to_string(*value)} : std::nullopt;
}

/// Throws for the first fault of a message.
prepared checked(const std::string& messageml) {
  auto made = prepare(messageml);
  if (const auto* wrong = std::get_if<faults>(&made)) {
    auto first = wrong->front();
    first.at = {};
    throw build_error{to_string(first)};
  }
  return std::get<prepared>(std::move(made));
}

} // namespace

namespace detail {

void refuse(std::string_view element, std::string_view attribute, std::string_view why) {
  throw build_error{to_string(fault{fault_kind::not_in_list,
                                    {},
                                    std::string{element},
                                    std::string{attribute},
                                    std::string{why}})};
}

markup text(std::string_view text) {
  return {escape(text, where::line)};
}

markup element(std::string_view tag, std::initializer_list<attribute> attributes,
               std::string_view inside) {
  messageml::element made;
  made.what = kind_with_tag(tag);
  std::vector<std::pair<std::string, std::string>> given;
  std::string out{"<"};
  out += tag;
  for (const auto& each : attributes)
    if (each.value) {
      given.emplace_back(each.name, *each.value);
      ((out += ' ') += each.name) += "=\"";
      (out += escape(*each.value, where::attribute)) += '"';
    }
  faults found;
  read_attributes(given, std::string{tag}, made, found);
  if (!found.empty())
    throw build_error{to_string(found.front())};
  if (inside.empty())
    return {out + "/>"};
  ((((out += '>') += inside) += "</") += tag) += '>';
  return {std::move(out)};
}

} // namespace detail

content preformatted(std::string_view text) {
  return content{detail::element("pre", {}, escape(text, where::preformatted))};
}

content code(std::string_view text, std::string_view language) {
  return content{detail::element("code", {{"language", unless_empty(std::string{language})}},
                                 escape(text, where::preformatted))};
}

// -- fields -------------------------------------------------------------------------

namespace {

form_part text_input(std::string_view tag, std::string_view name, const text_options& options,
                     bool masked) {
  return form_part{detail::element(tag,
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"masked", if_set(masked)},
                                    {"minlength", number(options.min_length)},
                                    {"maxlength", number(options.max_length)},
                                    {"pattern", unless_empty(options.pattern)},
                                    {"pattern-error-message", unless_empty(options.pattern_error)}},
                                   escape(options.value, where::preformatted))};
}

form_part box(std::string_view tag, std::string_view name, const phrase& label,
              const box_options& options) {
  return form_part{detail::element(
      tag,
      {{"name", std::string{name}}, {"value", options.value}, {"checked", if_set(options.checked)}},
      label.xml())};
}

form_part picker(std::string_view tag, std::string_view name, const picker_options& options) {
  return form_part{detail::element(tag,
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"value", unless_empty(options.value)},
                                    {"min", unless_empty(options.min)},
                                    {"max", unless_empty(options.max)}},
                                   {})};
}

} // namespace

form_part text_field(std::string_view name, const text_options& options) {
  return text_input("text-field", name, options, options.masked);
}

form_part text_area(std::string_view name, const text_options& options) {
  return text_input("textarea", name, options, false);
}

form_part checkbox(std::string_view name, const phrase& label, const box_options& options) {
  return box("checkbox", name, label, options);
}

form_part radio(std::string_view name, const phrase& label, const box_options& options) {
  return box("radio", name, label, options);
}

form_part select(std::string_view name, std::span<const choice> choices,
                 const select_options& options) {
  std::string inside;
  for (const auto& each : choices)
    inside +=
        detail::element("option", {{"value", each.value}, {"selected", if_set(each.selected)}},
                        escape(each.shown, where::preformatted))
            .xml;
  return form_part{detail::element("select",
                                   {{"name", std::string{name}},
                                    {"label", unless_empty(options.label)},
                                    {"title", unless_empty(options.title)},
                                    {"data-placeholder", unless_empty(options.placeholder)},
                                    {"required", if_set(options.required)},
                                    {"multiple", if_set(options.multiple)},
                                    {"min", number(options.min)},
                                    {"max", number(options.max)}},
                                   inside)};
}

form_part date_picker(std::string_view name, const picker_options& options) {
  return picker("date-picker", name, options);
}

form_part time_picker(std::string_view name, const picker_options& options) {
  return picker("time-picker", name, options);
}

form_part timezone_picker(std::string_view name, const picker_options& options) {
  return picker("timezone-picker", name, options);
}

form_part person_selector(std::string_view name, const picker_options& options) {
  return picker("person-selector", name, options);
}

form_part action(std::string_view name, std::string_view label, button_look look) {
  static constexpr const char* looks[] = {"primary", "secondary", "tertiary", "destructive"};
  return form_part{detail::element(
      "button",
      {{"name", std::string{name}}, {"type", "action"}, {"class", looks[static_cast<int>(look)]}},
      escape(label, where::preformatted))};
}

form_part reset(std::string_view label) {
  return form_part{
      detail::element("button", {{"type", "reset"}}, escape(label, where::preformatted))};
}

content detail::form(std::string_view id, std::string inside) {
  auto made = detail::element("form", {{"id", std::string{id}}}, inside);
  (void)checked("<messageML>" + made.xml + "</messageML>"); // Rules between fields.
  return content{std::move(made)};
}

// -- messages -----------------------------------------------------------------------

message& message::raw(std::string_view messageml) {
  (void)checked("<messageML>" + std::string{messageml} + "</messageML>");
  xml_ += messageml;
  return *this;
}

std::string message::xml() const {
  auto whole = "<messageML>" + xml_ + "</messageML>";
  (void)checked(whole);
  return whole;
}

std::string message::to_text() const {
  return checked("<messageML>" + xml_ + "</messageML>").text;
}

} // namespace tutti::messageml
