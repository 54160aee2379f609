// docs/messageml-elements.md: what the table says of each element, and its example as the agent
// stores it.
#include <wire/messageml/grammar/table.hpp>
#include <wire/messageml/messageml.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tutti::messageml {

namespace {

std::string tags(std::span<const kind> kinds, std::string_view between) {
  std::string all;
  for (const auto each : kinds) {
    const auto& tag = row_of(each).tag;
    all += all.empty() ? "" : std::string{between};
    all += each == kind::text ? "text" : fmt::format("`{}`", tag);
  }
  return all;
}

std::string content_of(const element_row& row) {
  switch (row.content) {
  case children::any:
    return "anything";
  case children::phrasing:
    return "phrases";
  case children::phrasing_or_preformatted:
    return "phrases or `pre`";
  case children::nothing:
    return "nothing, not even a blank";
  case children::text_only:
    return "text";
  case children::some_text:
    return "text, at least a character";
  case children::listed:
    return tags(row.allowed, ", ");
  case children::some_listed:
    return tags(row.allowed, ", ") + ", at least one";
  case children::dropped:
    return "anything, which is not shown";
  }
  return {};
}

std::string listed_words(std::string_view words) {
  std::string all;
  while (!words.empty()) {
    const auto word = words.substr(0, words.find(' '));
    if (!word.empty())
      all += fmt::format("{}`{}`", all.empty() ? "" : " ", word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return all;
}

std::string value_of(const attribute_row& row) {
  const auto most = row.most > 0 ? fmt::format(", at most {} characters", row.most) : std::string{};
  switch (row.type) {
  case value_type::text:
    return "text" + most;
  case value_type::boolean:
    return "`true` `false`";
  case value_type::integer:
    return fmt::format("a number from {} to {}", row.least, row.most);
  case value_type::long_integer:
    return "a number of 64 bits";
  case value_type::word:
  case value_type::exact_word:
    return listed_words(row.words);
  case value_type::uri:
    return "an absolute address";
  case value_type::style:
    return "a style, as `color:red`";
  case value_type::id:
    return "text without blanks" + most;
  case value_type::date:
    return "a date, as `2026-03-01`";
  case value_type::time:
    return "a time, as `09:30:00`";
  case value_type::date_time:
    return "as `2026-03-01T09:30:00+01:00`";
  case value_type::zone:
    return "a time zone, as `Europe/Paris`";
  case value_type::date_format:
    return "as `dd/MM/yyyy`" + most;
  case value_type::time_format:
    return "as `HH:mm`" + most;
  case value_type::user_list:
    return "a JSON array of user ids";
  case value_type::text_list:
    return "a JSON array of ids";
  case value_type::zone_list:
    return "a JSON array of time zones" + most;
  case value_type::json_texts:
    return "a JSON array of texts";
  case value_type::date_list:
    return "a JSON array of `{day}`, `{from, to}`, `{daysOfWeek}`" + most;
  case value_type::time_list:
    return "a JSON array of `{time}`, `{from, to}`" + most;
  case value_type::pattern:
    return "a regular expression" + most;
  case value_type::ignored:
  case value_type::label_id:
    return "not kept";
  }
  return {};
}

/// Written by authors: what only PresentationML has is left out, and `data-` names that say the
/// same.
bool is_for_authors(const element_row& row, const attribute_row& one) {
  const auto named_twice =
      one.name.starts_with("data-") && one.name != "data-entity-id" &&
      std::any_of(row.attributes.begin(), row.attributes.end(), [&](const attribute_row& other) {
        return other.name != one.name && !other.written.empty() && other.written == one.name;
      });
  return one.in != spelling::presentation && !named_twice && one.type != value_type::ignored &&
         one.type != value_type::label_id;
}

std::string stored_as(const element_row& row, const attribute_row& one) {
  if (!one.written.empty())
    return fmt::format("`{}`", one.written);
  if (!row.entity.empty())
    return "in the entity data";
  return one.name == "label" || one.name == "title" ? "an element beside it" : "not kept";
}

void append_attributes(const element_row& row, std::string& out) {
  std::string lines;
  for (const auto& each : row.attributes)
    if (is_for_authors(row, each))
      fmt::format_to(std::back_inserter(lines), "| `{}`{} | {} | {} |\n", each.name,
                     each.needed != need::no ? " (needed)" : "", value_of(each),
                     stored_as(row, each));
  if (!lines.empty())
    out += "\n| attribute | value | stored as |\n|---|---|---|\n" + lines;
}

void append_element(const element_row& row, std::string& out) {
  fmt::format_to(std::back_inserter(out), "\n### `{}`{}\n\n", row.tag,
                 row.parents.empty() ? std::string{} : " in " + tags(row.parents, ", "));
  if (row.what != kind::dialog)
    out += "Holds " + content_of(row) + ".";
  if (row.phrasing)
    out += " A phrase.";
  if (row.in_form)
    out += " It needs a form around it.";
  if (row.shorthand_only)
    out += " Not in PresentationML.";
  if (!row.rules.empty())
    (out += " ") += row.rules;
  out += "\n";
  append_attributes(row, out);
  prepare_options options;
  options.short_id = [] { return std::string{"ID"}; };
  const auto made = prepare(fmt::format("<messageML>{}</messageML>", row.example), {}, options);
  fmt::format_to(std::back_inserter(out), "\n```xml\n{}\n```\n", row.example);
  const auto* good = std::get_if<prepared>(&made);
  if (!good)
    return;
  fmt::format_to(std::back_inserter(out), "\n```xml\n{}\n```\n", good->presentation);
  if (good->entities != "{}")
    fmt::format_to(std::back_inserter(out), "\n```json\n{}\n```\n", good->entities);
}

} // namespace

std::string element_reference() {
  std::string out = "# Elements of MessageML\n\n"
                    "Generated by `tutti messageml elements` from the table that the validator, "
                    "the writer and the\n"
                    "builder read. Each element with what it holds, its attributes, an example, "
                    "and the example as\n"
                    "the agent stores it, with its entity data. Phrases are text and the elements "
                    "called so below.\n";
  for (const auto& row : all_rows())
    if (row.what != kind::message)
      append_element(row, out);
  return out;
}

} // namespace tutti::messageml
