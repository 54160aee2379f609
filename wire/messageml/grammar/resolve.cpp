// What tags mean: users, instruments, and what the entity data says of them.
#include <wire/messageml/grammar/build.hpp>

#include <wire/messageml/text/values.hpp>

#include <algorithm>

namespace tutti::messageml {

namespace {

void report(const element& where, faults& found, fault_kind kind, std::string_view attribute,
            std::string text) {
  found.push_back(
      {kind, where.at, std::string{where.row().tag}, std::string{attribute}, std::move(text)});
}

/// As Jackson reads a number of a text: trimmed, without a fraction.
std::int64_t whole_number(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
    text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20)
    text.remove_suffix(1);
  return text == "true" ? 1 : read_long(text.substr(0, text.find('.'))).value_or(0);
}

void resolve_mention(element& made, const std::vector<kind>& above, const known& facts,
                     faults& found) {
  const auto* uid = made.find("uid");
  const auto* email = made.find("email");
  const auto* strict = made.find("strict");
  const auto of_data = made.custom ? whole_number(made.shown) : 0;
  if (!uid && !email && !made.custom)
    return report(made, found, fault_kind::attribute_missing, "uid",
                  "a mention names a user by uid or email");
  const auto id = uid ? read_long(*uid) : made.custom ? std::optional{of_data} : std::nullopt;
  auto user = id ? facts.user(*id) : email ? facts.user(*email) : std::nullopt;
  made.text = std::to_string(user && !id ? user->id : id.value_or(0));
  if (user) {
    made.shown = is_blank(user->name) ? "" : "@" + user->name;
    return;
  }
  const auto in_link = std::find(above.begin(), above.end(), kind::link) != above.end();
  if (!strict || lower(*strict) == "true" || in_link)
    return report(made, found, fault_kind::user_not_found, uid ? "uid" : "email",
                  "the user does not exist, or the sender does not see them");
  made.shown = id ? made.text : "";
  if (!id)
    made.text.clear();
}

} // namespace

void resolve(element& made, const std::vector<kind>& above, const known& facts, faults& found) {
  if (made.what == kind::mention)
    return resolve_mention(made, above, facts, found);
  if (made.what == kind::link) {
    const auto* href = made.find("href");
    const auto scheme = href ? scheme_of(*href) : std::string_view{};
    if (!scheme.empty() && !facts.scheme_allowed(scheme))
      report(made, found, fault_kind::bad_uri, "href",
             "the pod takes no links of '" + std::string{scheme} + "'");
  } else if (made.what == kind::hashtag || made.what == kind::cashtag) {
    if (const auto* tag = made.find("tag"))
      made.shown = *tag;
  } else if (made.what == kind::instrument) {
    for (const auto* name : {"fallback-ticker", "fullbbgcompticker", "bbgcompticker", "figi",
                             "figi-ticker", "us-code", "isin", "local-code", "unique-id"})
      if (const auto* value = made.find(name); value && !is_blank(*value)) {
        made.shown = *value;
        return;
      }
    report(made, found, fault_kind::instrument_not_found, "fallback-ticker",
           "no instrument is named, and there is no ticker to show instead");
  }
}

} // namespace tutti::messageml
