// One walk over the message, with the entity data at hand.
#include <tutti/message_reader.hpp>

#include <wire/messageml/output/entity_data.hpp>
#include <wire/messageml/output/json_text.hpp>
#include <wire/messageml/text/values.hpp>
#include <wire/messageml/text/xml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace tutti::messageml {

namespace json = boost::json;

namespace {

/// A member as text; empty when it is missing, or an object or array.
std::string member(const json::object& of, std::string_view key) {
  const auto* found = of.if_contains({key.data(), key.size()});
  if (!found || found->is_object() || found->is_array() || found->is_null())
    return {};
  if (const auto* text = found->if_string())
    return {text->data(), text->size()};
  return json_text(*found);
}

bool begins_line(std::string_view tag) {
  return in_list_exactly(tag, "p div li tr hr h1 h2 h3 h4 h5 h6 pre form table ul ol");
}

class walk {
public:
  walk(const json::object& entities, received_message& into) : entities_(entities), into_(into) {}

  void read(const xml::node& given) {
    for (const auto& child : given.children)
      if (child.is_text())
        add_text(child.text);
      else
        element(child);
  }

private:
  void element(const xml::node& given) {
    if (given.name == "form")
      if (const auto* id = given.find("id"))
        into_.forms.push_back(*id);
    if (given.name == "a" && add_link(given))
      return;
    if (given.name == "span" && add_entity(given))
      return;
    if (given.name == "br")
      return add_text("\n");
    if (begins_line(given.name))
      new_line();
    read(given);
    if (in_list_exactly(given.name, "td th"))
      add_text(" ");
  }

  /// Not before the first text, and not twice.
  void new_line() {
    if (!into_.text.empty() && into_.text.back() != '\n')
      add_text("\n");
  }

  void add_text(std::string_view text) {
    into_.text += text;
    if (!into_.pieces.empty() && into_.pieces.back().kind == piece_kind::text)
      into_.pieces.back().text += text;
    else
      into_.pieces.push_back({piece_kind::text, std::string{text}});
  }

  void add(message_piece&& piece) {
    into_.text += piece.text;
    into_.pieces.push_back(std::move(piece));
  }

  static void append_text(const xml::node& given, std::string& out) {
    out += given.text;
    for (const auto& child : given.children)
      append_text(child, out);
  }

  static std::string text_of(const xml::node& given) {
    std::string all;
    append_text(given, all);
    return all;
  }

  bool add_link(const xml::node& given) {
    const auto* address = given.find("href");
    if (!address)
      return false;
    add({piece_kind::link, text_of(given), *address});
    return true;
  }

  bool add_entity(const xml::node& given) {
    const auto* words = given.find("class");
    const auto* id = given.find("data-entity-id");
    if (!words || *words != "entity" || !id)
      return false;
    const auto* found = entities_.if_contains({id->data(), id->size()});
    const auto* object = found ? found->if_object() : nullptr;
    if (!object)
      return false;
    message_piece piece{piece_kind::object, text_of(given), member(*object, "type")};
    piece.entity = *id;
    if (piece.value.empty())
      return false;
    name(*object, piece);
    add(std::move(piece));
    return true;
  }

  /// What the object says of it.
  static void name(const json::object& object, message_piece& piece) {
    if (piece.value == "com.symphony.emoji") {
      const auto* found = object.if_contains("data");
      if (const auto* data = found ? found->if_object() : nullptr) {
        piece.kind = piece_kind::emoji;
        piece.value = member(*data, "annotation");
        if (piece.value.empty())
          piece.value = member(*data, "shortcode");
      }
      return;
    }
    const auto kind = piece.value == "com.symphony.user.mention"      ? piece_kind::mention
                      : piece.value == "org.symphonyoss.taxonomy"     ? piece_kind::hashtag
                      : piece.value == "org.symphonyoss.fin.security" ? piece_kind::cashtag
                                                                      : piece_kind::object;
    if (kind == piece_kind::object)
      return;
    read_ids(object, piece);
    if (piece.ids.empty())
      return;
    if (kind == piece_kind::mention) {
      const auto number = read_long(piece.ids.front().second);
      const auto user = number ? user_id::make(*number) : user_id::make(0);
      if (!user)
        return;
      piece.user = *user;
    }
    piece.kind = kind;
    piece.value = piece.ids.front().second;
    if (kind != piece_kind::cashtag)
      piece.ids.clear();
  }

  static void read_ids(const json::object& object, message_piece& piece) {
    const auto* found = object.if_contains("id");
    const auto* list = found ? found->if_array() : nullptr;
    for (const auto& each : list ? *list : json::array{})
      if (const auto* one = each.if_object())
        piece.ids.emplace_back(member(*one, "type"), member(*one, "value"));
  }

  const json::object& entities_;
  received_message& into_;
};

message_node node_of(xml::node&& given) {
  message_node made{std::move(given.name), std::move(given.text), std::move(given.attributes), {}};
  made.children.reserve(given.children.size());
  for (auto& child : given.children)
    made.children.push_back(node_of(std::move(child)));
  return made;
}

} // namespace

std::vector<user_id> received_message::mentions() const {
  std::vector<user_id> all;
  for (const auto& each : pieces)
    if (each.kind == piece_kind::mention && each.user &&
        std::find(all.begin(), all.end(), *each.user) == all.end())
      all.push_back(*each.user);
  return all;
}

std::vector<std::string> received_message::values(piece_kind kind) const {
  std::vector<std::string> all;
  for (const auto& each : pieces)
    if (each.kind == kind)
      all.push_back(each.value);
  return all;
}

std::optional<message_node> read_tree(std::string_view message) {
  auto parsed = xml::parse(message);
  auto* root = std::get_if<xml::node>(&parsed);
  return root ? std::optional{node_of(std::move(*root))} : std::nullopt;
}

received_message read_message(std::string_view message, std::string_view data) {
  received_message made;
  if (is_blank(message))
    return made;
  auto entities = read_entities(data);
  if (const auto* wrong = std::get_if<fault>(&entities)) {
    made.flaw = wrong->text;
    entities = json::object{};
  }
  const auto parsed = xml::parse(message);
  if (const auto* wrong = std::get_if<fault>(&parsed)) {
    made.flaw = to_string(*wrong);
    return made;
  }
  walk{std::get<json::object>(entities), made}.read(std::get<xml::node>(parsed));
  return made;
}

} // namespace tutti::messageml
