#include <wire/messageml/output/entity_data.hpp>

#include <wire/messageml/output/emoji.hpp>
#include <wire/messageml/output/json_text.hpp>
#include <wire/messageml/text/values.hpp>

#include <boost/json/array.hpp>
#include <boost/json/stream_parser.hpp>

#include <functional>

namespace tutti::messageml {

namespace json = boost::json;

namespace {

constexpr std::size_t most_levels = 500;

std::optional<json::value> first_value_of(std::string_view text, const json::storage_ptr& storage,
                                          std::string& why) {
  json::parse_options options;
  options.max_depth = most_levels;
  // What it needs while it reads lasts no longer than the reading.
  unsigned char room[2'048];
  json::stream_parser parser{{}, options, room};
  parser.reset(storage);
  boost::system::error_code error;
  parser.write_some(text.data(), text.size(), error);
  if (!error && !parser.done())
    parser.finish(error);
  if (!error)
    return parser.release();
  why = error.message();
  return std::nullopt;
}

fault no_object(std::string why) {
  return {fault_kind::bad_entity_json, {}, {}, {}, "the entity data is no JSON object: " + why};
}

/// Calls `visit` with each value of that key; does not look into what it has found.
void each_of(const json::value& where, std::string_view key,
             const std::function<void(const json::value&)>& visit) {
  if (const auto* object = where.if_object()) {
    for (const auto& member : *object)
      if (member.key() == json::string_view{key.data(), key.size()})
        visit(member.value());
      else
        each_of(member.value(), key, visit);
  } else if (const auto* array = where.if_array()) {
    for (const auto& each : *array)
      each_of(each, key, visit);
  }
}

void each_of(const json::object& where, std::string_view key,
             const std::function<void(const json::value&)>& visit) {
  for (const auto& member : where)
    if (member.key() == json::string_view{key.data(), key.size()})
      visit(member.value());
    else
      each_of(member.value(), key, visit);
}

/// A value as a text, as Jackson's `asText` gives it.
std::string as_text(const json::value& one) {
  if (const auto* text = one.if_string())
    return {text->data(), text->size()};
  return one.is_object() || one.is_array() ? "" : json_text(one);
}

const char* id_type_of(kind what) {
  switch (what) {
  case kind::mention:
    return "com.symphony.user.userId";
  case kind::hashtag:
    return "org.symphonyoss.taxonomy.hashtag";
  default:
    return "org.symphonyoss.fin.security.id.ticker";
  }
}

json::object emoji_entity(const element& one) {
  const auto* code = one.find("shortcode");
  const auto& name = code ? *code : *one.find("annotation");
  const auto* size = one.find("size");
  auto data = json::object(
      {{"shortcode", name}, {"annotation", name}, {"size", size ? *size : std::string{"normal"}}});
  if (auto shown = emoji_of(name); !shown.empty())
    data["unicode"] = shown;
  if (const auto* family = one.find("family"))
    data["family"] = *family;
  return json::object(
      {{"type", "com.symphony.emoji"}, {"version", "1.0"}, {"data", std::move(data)}});
}

json::object date_time_entity(const element& one) {
  const auto* format = one.find("format");
  auto data = json::object({{"value", *one.find("value")},
                            {"type", "org.symphonyoss.datetime"},
                            {"format", format ? json::value(*format) : json::value(nullptr)}});
  return json::object({{"type", "org.symphonyoss"}, {"version", "1.0"}, {"data", std::move(data)}});
}

json::object entity_of(const element& one) {
  if (one.what == kind::emoji)
    return emoji_entity(one);
  if (one.what == kind::date_time)
    return date_time_entity(one);
  auto id = json::object({{"type", id_type_of(one.what)},
                          {"value", one.what == kind::mention ? one.text : one.shown}});
  const auto& type = one.row().entity;
  return json::object({{"type", json::string_view{type.data(), type.size()}},
                       {"version", "1.0"},
                       {"id", json::array{std::move(id)}}});
}

bool add_below(const element& one, json::object& into);

/// Adds what an entity is, or finds it there; what is within it goes into its object.
bool add_entity(const element& one, json::object& into) {
  auto* there = into.if_contains(one.entity_id);
  if (!there) {
    if (one.custom)
      return false;
    there = &(into[one.entity_id] = entity_of(one));
  }
  return there->is_object() && add_below(one, there->get_object());
}

bool add_below(const element& one, json::object& into) {
  for (const auto& child : one.children) {
    // A mention by an address that is not known is a link, and has no entity.
    const auto linked = child.what == kind::mention && child.text.empty();
    const auto good =
        child.entity_id.empty() || linked ? add_below(child, into) : add_entity(child, into);
    if (!good)
      return false;
  }
  return true;
}

} // namespace

std::variant<json::object, fault> read_entities(std::string_view data, json::storage_ptr storage) {
  if (is_blank(data))
    return json::object{std::move(storage)};
  std::string why;
  auto value = first_value_of(data, storage, why);
  if (value && value->is_string()) {
    const auto inner = std::string{value->get_string().c_str(), value->get_string().size()};
    value = first_value_of(inner, storage, why);
  }
  if (!value)
    return no_object(why);
  if (!value->is_object())
    return no_object("it is another kind of value");
  if (!is_finite(*value))
    return no_object("a number is out of range");
  return std::move(value->get_object());
}

void check_entity_ids(const xml::node& root, const json::object& entities, faults& found) {
  if (const auto* id = root.find("data-entity-id")) {
    const json::value* first = nullptr;
    each_of(entities, *id, [&](const json::value& one) { first = first ? first : &one; });
    if (!first || !first->is_object())
      found.push_back({fault_kind::unknown_entity, root.at, root.name, "data-entity-id",
                       "the entity data has no object '" + *id + "'"});
  }
  for (const auto& child : root.children)
    check_entity_ids(child, entities, found);
}

entity_facts entity_with(const json::object& entities, std::string_view id) {
  entity_facts facts;
  each_of(entities, id, [&](const json::value& one) {
    ++facts.count;
    const auto* object = one.if_object();
    if (!object)
      return;
    const auto* type = object->if_contains("type");
    const auto* ids = object->if_contains("id");
    const auto* list = ids ? ids->if_array() : nullptr;
    const auto* first = list && !list->empty() ? list->front().if_object() : nullptr;
    const auto* value = first ? first->if_contains("value") : nullptr;
    if (!type || !value)
      return;
    facts.type_is_text = type->is_string();
    facts.type = as_text(*type);
    facts.value = as_text(*value);
  });
  return facts;
}

bool add_entities(const element& root, json::object& entities) {
  return add_below(root, entities);
}

} // namespace tutti::messageml
