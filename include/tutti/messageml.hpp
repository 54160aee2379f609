// Builds messages. What may be where is known to the types: a field outside a form does not
// compile, nor a paragraph in bold text. A text is never markup: `&`, `<`, `$` and the like are
// escaped, line feeds become breaks, and what a message cannot hold is replaced. Values are checked
// when they are given, by the same table as the agent's: what is built, the agent takes.
#pragma once

#include <tutti/export.hpp>
#include <tutti/ids.hpp>

#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::messageml {

/// A value that the agent would refuse. `what()` names the element and the attribute.
class build_error : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

namespace detail {

/// An attribute that is left out when it is empty.
struct attribute {
  std::string_view name;
  std::optional<std::string> value;
};

/// Markup that is known to be good.
struct markup {
  std::string xml;
};

/// `<tag a="v">inside</tag>`; throws `build_error` for a value that the table refuses.
TUTTI_API markup element(std::string_view tag, std::initializer_list<attribute> attributes,
                         std::string_view inside);
/// A person's text as markup.
TUTTI_API markup text(std::string_view text);
/// Throws `build_error`.
[[noreturn]] TUTTI_API void refuse(std::string_view element, std::string_view attribute,
                                   std::string_view why);

} // namespace detail

/// What phrases, content and the others have in common.
class part {
public:
  const std::string& xml() const noexcept { return xml_; }

protected:
  explicit part(detail::markup good) : xml_(std::move(good.xml)) {}

private:
  std::string xml_;
};

/// What may be within a line: text, and what `b`, `hyperlink`, `mention` and the like return.
class phrase : public part {
public:
  phrase(const char* text) : part(detail::text(text)) {}
  phrase(std::string_view text) : part(detail::text(text)) {}
  phrase(const std::string& text) : phrase(std::string_view{text}) {}
  explicit phrase(detail::markup good) : part(std::move(good)) {}
};

/// What may be anywhere but in a form only: phrases, paragraphs, lists, tables, cards, forms.
class content : public part {
public:
  content(const char* text) : part(detail::text(text)) {}
  content(std::string_view text) : part(detail::text(text)) {}
  content(const std::string& text) : part(detail::text(text)) {}
  content(const phrase& within) : part(detail::markup{within.xml()}) {}
  explicit content(detail::markup good) : part(std::move(good)) {}
};

/// What may be in a form: content, and fields.
class form_part : public part {
public:
  form_part(const char* text) : part(detail::text(text)) {}
  form_part(std::string_view text) : part(detail::text(text)) {}
  form_part(const std::string& text) : part(detail::text(text)) {}
  form_part(const phrase& within) : part(detail::markup{within.xml()}) {}
  form_part(const content& within) : part(detail::markup{within.xml()}) {}
  explicit form_part(detail::markup good) : part(std::move(good)) {}
};

namespace detail {

template <class Part>
std::string joined(std::initializer_list<Part> parts) {
  std::string all;
  for (const auto& each : parts)
    all += each.xml();
  return all;
}

} // namespace detail

// -- within a line --------------------------------------------------------------------

/// Bold.
template <class... Phrases>
phrase b(const Phrases&... within) {
  return phrase{detail::element("b", {}, detail::joined<phrase>({within...}))};
}
/// Italic.
template <class... Phrases>
phrase i(const Phrases&... within) {
  return phrase{detail::element("i", {}, detail::joined<phrase>({within...}))};
}
/// `url` is absolute; the pod decides which schemes it takes. Without a text the address is shown.
template <class... Phrases>
phrase hyperlink(std::string_view url, const Phrases&... shown) {
  return phrase{
      detail::element("a", {{"href", std::string{url}}}, detail::joined<phrase>({shown...}))};
}
inline phrase line_break() {
  return phrase{detail::element("br", {}, {})};
}
/// Shown as `@` and the user's name. A user that the bot does not see is a refusal of the message.
inline phrase mention(user_id user) {
  return phrase{detail::element("mention", {{"uid", std::to_string(user.value())}}, {})};
}
inline phrase mention_by_email(std::string_view address) {
  return phrase{detail::element("mention", {{"email", std::string{address}}}, {})};
}
/// `tag` without `#` and without blanks.
inline phrase hashtag(std::string_view tag) {
  return phrase{detail::element("hash", {{"tag", std::string{tag}}}, {})};
}
/// `ticker` without `$`.
inline phrase cashtag(std::string_view ticker) {
  return phrase{detail::element("cash", {{"tag", std::string{ticker}}}, {})};
}
/// By its short name, as `smiley`, without colons.
inline phrase emoji(std::string_view name) {
  return phrase{detail::element("emoji", {{"shortcode", std::string{name}}}, {})};
}

// -- paragraphs, lists, tables ----------------------------------------------------------

template <class... Contents>
content p(const Contents&... within) {
  return content{detail::element("p", {}, detail::joined<content>({within...}))};
}
template <class... Contents>
content div(const Contents&... within) {
  return content{detail::element("div", {}, detail::joined<content>({within...}))};
}
/// `level` from 1 to 6.
template <class... Phrases>
content heading(int level, const Phrases&... within) {
  if (level < 1 || level > 6)
    detail::refuse("h1", "level", "a heading has a level from 1 to 6");
  return content{
      detail::element("h" + std::to_string(level), {}, detail::joined<phrase>({within...}))};
}
/// Line feeds stay.
TUTTI_API content preformatted(std::string_view text);
/// `language` is one that clients highlight, as `cpp` or `python`; empty: none. Line feeds stay.
TUTTI_API content code(std::string_view text, std::string_view language = {});
inline content rule() {
  return content{detail::element("hr", {}, {})};
}

class list_item : public part {
public:
  template <class... Contents>
  explicit list_item(const Contents&... within)
      : part(detail::element("li", {}, detail::joined<content>({within...}))) {}
};
template <class... Contents>
list_item item(const Contents&... within) {
  return list_item{within...};
}
/// At least one item.
template <class... Items>
content bullets(const list_item& first, const Items&... more) {
  return content{detail::element("ul", {}, detail::joined<list_item>({first, more...}))};
}
template <class... Items>
content numbers(const list_item& first, const Items&... more) {
  return content{detail::element("ol", {}, detail::joined<list_item>({first, more...}))};
}

class table_cell : public part {
public:
  explicit table_cell(detail::markup good) : part(std::move(good)) {}
};
template <class... Contents>
table_cell cell(const Contents&... within) {
  return table_cell{detail::element("td", {}, detail::joined<content>({within...}))};
}
template <class... Contents>
table_cell header_cell(const Contents&... within) {
  return table_cell{detail::element("th", {}, detail::joined<content>({within...}))};
}
class table_row : public part {
public:
  explicit table_row(detail::markup good) : part(std::move(good)) {}
};
template <class... Cells>
table_row row(const Cells&... cells) {
  return table_row{detail::element("tr", {}, detail::joined<table_cell>({cells...}))};
}
template <class... Rows>
content table(const Rows&... rows) {
  return content{detail::element("table", {}, detail::joined<table_row>({rows...}))};
}

// -- forms ------------------------------------------------------------------------------

/// Of a text field or a text area. Lengths are in characters (UTF-16 units).
struct text_options {
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
  /// Of a text field only: shown as dots. It comes back in clear.
  bool masked = false;
};
/// At most 128 characters.
TUTTI_API form_part text_field(std::string_view name, const text_options& options = {});
/// At most 10,000 characters, with line feeds.
TUTTI_API form_part text_area(std::string_view name, const text_options& options = {});

struct box_options {
  /// What comes back when it is checked.
  std::string value{"on"};
  bool checked = false;
};
TUTTI_API form_part checkbox(std::string_view name, const phrase& label,
                             const box_options& options = {});
/// Of several with one name one can be chosen.
TUTTI_API form_part radio(std::string_view name, const phrase& label,
                          const box_options& options = {});

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
};
/// At least one choice.
TUTTI_API form_part select(std::string_view name, std::span<const choice> choices,
                           const select_options& options = {});
inline form_part select(std::string_view name, std::initializer_list<choice> choices,
                        const select_options& options = {}) {
  return select(name, std::span{choices.begin(), choices.size()}, options);
}

struct picker_options {
  std::string label{};
  std::string title{};
  std::string placeholder{};
  bool required = false;
  /// A date `2026-03-01`, a time `09:30:00`, a zone `Europe/Paris`.
  std::string value{};
  std::string min{};
  std::string max{};
};
TUTTI_API form_part date_picker(std::string_view name, const picker_options& options = {});
TUTTI_API form_part time_picker(std::string_view name, const picker_options& options = {});
TUTTI_API form_part timezone_picker(std::string_view name, const picker_options& options = {});
TUTTI_API form_part person_selector(std::string_view name, const picker_options& options = {});

enum class button_look { primary, secondary, tertiary, destructive };
/// Sends the form; `name` comes back as the action.
TUTTI_API form_part action(std::string_view name, std::string_view label,
                           button_look look = button_look::primary);
TUTTI_API form_part reset(std::string_view label);

namespace detail {

TUTTI_API content form(std::string_view id, std::string inside);

} // namespace detail

/// Needs an `action`. `id` names the form in its replies, and no other form of the message has it.
template <class... Parts>
content form(std::string_view id, const Parts&... parts) {
  return detail::form(id, detail::joined<form_part>({parts...}));
}

// -- messages ---------------------------------------------------------------------------

class message {
public:
  message() = default;
  template <class... Contents>
    requires(sizeof...(Contents) > 0)
  explicit message(const Contents&... within) : xml_(detail::joined<content>({within...})) {}

  message& add(const content& what) {
    xml_ += what.xml();
    return *this;
  }
  template <class... Contents>
  message& p(const Contents&... within) {
    return add(messageml::p(within...));
  }
  template <class... Phrases>
  message& heading(int level, const Phrases&... within) {
    return add(messageml::heading(level, within...));
  }
  template <class... Parts>
  message& form(std::string_view id, const Parts&... parts) {
    return add(messageml::form(id, parts...));
  }
  /// The one way to give markup: checked as a message of its own; throws `build_error` with the
  /// first fault.
  TUTTI_API message& raw(std::string_view messageml);

  /// `<messageML>...</messageML>`, as it is sent. Throws `build_error` when the whole is refused:
  /// two forms of one id, too many entities or characters.
  TUTTI_API std::string xml() const;
  /// As a person reads it, users and tags by what was given.
  TUTTI_API std::string to_text() const;

private:
  std::string xml_;
};

} // namespace tutti::messageml
