// Makes the markup of a message's parts, checked by the table.
#include <tutti/messageml/part.hpp>

#include <wire/messageml/builder/check.hpp>
#include <wire/messageml/builder/escape.hpp>
#include <wire/messageml/grammar/attributes.hpp>
#include <wire/messageml/grammar/build.hpp>
#include <wire/messageml/grammar/choose.hpp>
#include <wire/messageml/text/values.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <algorithm>

namespace tutti::messageml {

namespace {

/// Rules about these concern the whole message.
int linked_by(kind what) {
  return what == kind::form ? 1 : what == kind::dialog || what == kind::ui_action ? 2 : 0;
}

/// Throws for the first attribute that the table refuses.
void check(const element_row& row, std::string_view tag,
           std::span<const detail::attribute> attributes) {
  for (const auto& each : attributes)
    if (each.value) {
      const auto* known = find_attribute(row, each.name, spelling::shorthand);
      if (!known)
        detail::refuse(tag, each.name, "the element does not take it");
      if (const auto wrong = fault_of(*known, &*each.value, tag))
        throw build_error{to_string(*wrong)};
    }
  for (const auto& each : row.attributes)
    if (each.needed != need::no && each.in != spelling::presentation &&
        std::none_of(attributes.begin(), attributes.end(), [&](const detail::attribute& one) {
          return one.name == each.name && one.value;
        }))
      throw build_error{to_string(*fault_of(each, nullptr, tag))};
}

/// Rules that the table has no column for; those between fields are checked with their form.
void check_rules_of(kind what, std::span<const detail::attribute> attributes) {
  switch (what) {
  case kind::link:
  case kind::hashtag:
  case kind::cashtag:
  case kind::emoji:
  case kind::span:
  case kind::division:
    break;
  default:
    return;
  }
  element made{.what = what};
  for (const auto& each : attributes)
    if (each.value) {
      if (each.name == "class" && (what == kind::span || what == kind::division) &&
          has_word(*each.value, "entity"))
        detail::refuse(row_of(what).tag, "class",
                       "the word 'entity' is for objects of the entity data");
      made.values.push_back(
          {find_attribute(made.row(), each.name, spelling::shorthand), *each.value});
      if (each.name == "tag")
        made.shown = *each.value;
    }
  faults found;
  check_rules(made, {kind::message}, found);
  if (!found.empty())
    throw build_error{to_string(found.front())};
}

} // namespace

prepared checked(const std::string& messageml) {
  auto made = prepare(messageml);
  if (const auto* wrong = std::get_if<faults>(&made)) {
    auto first = wrong->front();
    first.at = {};
    throw build_error{to_string(first)};
  }
  return std::get<prepared>(std::move(made));
}

namespace detail {

void refuse(std::string_view element, std::string_view attribute, std::string_view why) {
  throw build_error{to_string(fault{fault_kind::not_in_list,
                                    {},
                                    std::string{element},
                                    std::string{attribute},
                                    std::string{why}})};
}

void append_text(markup& to, std::string_view text) {
  escape(text, place::line, to.xml);
}

markup checked_alone(markup made) {
  (void)checked("<messageML>" + made.xml + "</messageML>");
  return made;
}

markup element_of(std::string_view tag, std::span<const attribute> given, const markup& inside,
                  std::string_view parent) {
  // What is checked is what will be read.
  std::vector<attribute> attributes{given.begin(), given.end()};
  for (auto& each : attributes)
    if (each.value)
      replace_unrepresentable(*each.value);
  const auto what = kind_with_tag(tag, parent);
  check(row_of(what), tag, attributes);
  check_rules_of(what, attributes);
  markup made;
  made.entities = inside.entities + (row_of(what).entity.empty() ? 0 : 1);
  made.linked = inside.linked + linked_by(what);
  made.levels = inside.levels + 1;
  if (made.levels >= xml::most_levels) // The message is a level, too.
    refuse(tag, {}, "more than 500 elements within each other");
  auto& out = made.xml;
  out.reserve(inside.xml.size() + 2 * tag.size() + 5 + 32 * attributes.size());
  (out += '<') += tag;
  for (const auto& each : attributes)
    if (each.value) {
      ((out += ' ') += each.name) += "=\"";
      escape(*each.value, place::attribute, out);
      out += '"';
    }
  if (inside.xml.empty())
    out += "/>";
  else
    ((((out += '>') += inside.xml) += "</") += tag) += '>';
  return made;
}

} // namespace detail

} // namespace tutti::messageml
