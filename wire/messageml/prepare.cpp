// The steps in the order of the agent; the first that fails ends it.
#include <wire/messageml/messageml.hpp>

#include <wire/messageml/grammar/build.hpp>
#include <wire/messageml/output/entity_data.hpp>
#include <wire/messageml/output/json_text.hpp>
#include <wire/messageml/output/typed.hpp>
#include <wire/messageml/output/write.hpp>
#include <wire/messageml/template.hpp>
#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <random>

namespace tutti::messageml {

namespace {

fault plain_fault(fault_kind kind, std::string text) {
  return {kind, {}, {}, {}, std::move(text)};
}

/// Controls other than line feed, carriage return and tab.
std::optional<fault> control_in(std::string_view message) {
  position at{1, 1};
  for (char c : message) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t')
      return fault{fault_kind::control_character,
                   at,
                   {},
                   {},
                   "a control character, of code " + std::to_string(static_cast<int>(c))};
    at = c == '\n' ? position{at.line + 1, 1} : position{at.line, at.column + 1};
  }
  return std::nullopt;
}

/// Each is looked for in the whole of the entity data.
std::size_t count_ids(const xml::node& one) {
  std::size_t count = one.find("data-entity-id") ? 1 : 0;
  for (const auto& child : one.children)
    count += count_ids(child);
  return count;
}

/// No reader needs more.
constexpr std::size_t most_faults = 100;

std::size_t count_entities(const element& one) {
  std::size_t count = one.entity_id.empty() ? 0 : 1;
  for (const auto& child : one.children)
    count += count_entities(child);
  return count;
}

std::string random_id() {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  constexpr std::string_view letters =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
  std::string made;
  for (int i = 0; i < 10; ++i)
    made += letters[random() % letters.size()];
  return made;
}

} // namespace

std::variant<prepared, faults> prepare(std::string_view message, std::string_view data,
                                       const prepare_options& options) {
  static const known everything;
  if (is_blank(message))
    return faults{plain_fault(fault_kind::empty_message, "the message is empty")};
  if (message.size() + data.size() > most_bytes)
    return faults{
        plain_fault(fault_kind::too_large, "message and entity data have at most 1.5 MB")};
  auto given = read_entities(data);
  if (const auto* wrong = std::get_if<fault>(&given))
    return faults{*wrong};
  auto& entities = std::get<boost::json::object>(given);
  auto text = message;
  std::string expanded;
  if (is_template(message)) {
    auto made = expand(message, entities);
    if (const auto* wrong = std::get_if<fault>(&made))
      return faults{*wrong};
    text = expanded = std::move(std::get<std::string>(made));
  }
  if (auto wrong = control_in(text))
    return faults{*wrong};
  auto parsed = xml::parse(text);
  if (const auto* wrong = std::get_if<fault>(&parsed))
    return faults{*wrong};
  const auto& root = std::get<xml::node>(parsed);
  if (count_ids(root) > most_entities)
    return faults{plain_fault(fault_kind::too_many, "a message has at most 80 entities")};
  faults found;
  check_entity_ids(root, entities, found);
  if (!found.empty())
    return found;
  auto made =
      build(root, entities, options.facts ? *options.facts : everything, options.version, found);
  if (!found.empty()) {
    found.resize(std::min(found.size(), most_faults));
    return found;
  }
  if (options.typed)
    as_typed(made, [&](const std::string& key) { return entities.contains(key); });
  if (!add_entities(made.root, entities))
    return faults{plain_fault(fault_kind::unknown_entity,
                              "an entity is not where the message uses it, or is no object")};
  auto words = write_text(made);
  if (units(words) > most_characters)
    return faults{plain_fault(fault_kind::too_large, "a message has at most 60,000 characters")};
  if (count_entities(made.root) > most_entities)
    return faults{plain_fault(fault_kind::too_many, "a message has at most 80 entities")};
  return prepared{write_presentation(made, options.short_id ? options.short_id : random_id),
                  json_text(entities), std::move(words)};
}

} // namespace tutti::messageml
