// One walk over the message, with the entity data at hand.
#include <tutti/message_reader.hpp>

#include <wire/messageml/output/entity_data.hpp>
#include <wire/messageml/output/json_text.hpp>
#include <wire/messageml/text/values.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

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
  static constexpr std::string_view all[] = {"p",  "div", "li", "tr", "hr",  "h1",   "h2",    "h3",
                                             "h4", "h5",  "h6", "ul", "pre", "form", "table", "ol"};
  return std::find(std::begin(all), std::end(all), tag) != std::end(all);
}

std::string_view value_of(std::span<const xml::attribute_view> attributes, std::string_view name) {
  for (const auto& each : attributes)
    if (each.name == name)
      return each.value;
  return {};
}

class walk final : public xml::sink {
public:
  walk(const json::object& entities, received_message& into) : entities_(entities), into_(into) {}

  void begin(std::string_view tag, std::span<const xml::attribute_view> attributes,
             const xml::source&) override {
    ++depth_;
    if (tag == "form")
      if (const auto id = value_of(attributes, "id"); !id.empty())
        into_.forms.emplace_back(id);
    if ((tag == "a" && begin_link(attributes)) || (tag == "span" && begin_entity(attributes)))
      return;
    if (tag == "br")
      add_text("\n");
    else if (begins_line(tag))
      begin_block();
    else if (tag == "td" || tag == "th")
      begin_cell();
  }

  void text(std::string_view piece, const xml::source&) override { add_text(piece); }

  void end() override {
    if (!open_.empty() && open_.back().depth == depth_) {
      if (auto& done = open_.back(); !done.piece.text.empty() || !done.begun)
        into_.pieces.push_back(std::move(done.piece));
      open_.pop_back();
    } else if (!cells_.empty() && cells_.back() == depth_) {
      cells_.pop_back();
      after_cell_ = true;
    } else if (!blocks_.empty() && blocks_.back() == depth_) {
      blocks_.pop_back();
      line_ends_ = true;
      after_cell_ = false;
    }
    --depth_;
  }

private:
  void begin_block() {
    blocks_.push_back(depth_);
    line_ends_ = true;
  }

  void begin_cell() {
    if (std::exchange(after_cell_, false))
      add_text(" ");
    cells_.push_back(depth_);
  }

  /// Lines of two blocks are apart by one line feed; there is none before the first text.
  void begin_line() {
    if (std::exchange(line_ends_, false) && !into_.text.empty() && into_.text.back() != '\n')
      add_text("\n");
  }

  void add_text(std::string_view text) {
    begin_line();
    into_.text += text;
    if (!open_.empty())
      open_.back().piece.text += text;
    else if (!into_.pieces.empty() && into_.pieces.back().kind == piece_kind::text)
      into_.pieces.back().text += text;
    else
      into_.pieces.push_back({piece_kind::text, std::string{text}});
  }

  /// What is around it is cut in two: pieces are one after the other.
  void open(message_piece&& piece) {
    begin_line();
    if (!open_.empty() && !open_.back().piece.text.empty()) {
      auto& outer = open_.back();
      into_.pieces.push_back(outer.piece);
      outer.piece.text.clear();
      outer.begun = true;
    }
    open_.push_back({std::move(piece), depth_});
  }

  bool begin_link(std::span<const xml::attribute_view> attributes) {
    const auto address = value_of(attributes, "href");
    if (address.empty())
      return false;
    open({piece_kind::link, {}, std::string{address}});
    return true;
  }

  bool begin_entity(std::span<const xml::attribute_view> attributes) {
    const auto id = value_of(attributes, "data-entity-id");
    if (id.empty() || value_of(attributes, "class") != "entity")
      return false;
    const auto* found = entities_.if_contains({id.data(), id.size()});
    const auto* object = found ? found->if_object() : nullptr;
    if (!object)
      return false;
    message_piece piece{piece_kind::object, {}, member(*object, "type")};
    piece.entity = id;
    if (piece.value.empty())
      return false;
    name(*object, piece);
    open(std::move(piece));
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
    const auto id = id_of(piece, kind);
    if (kind == piece_kind::mention) {
      const auto number = read_long(id);
      const auto user = number ? user_id::make(*number) : user_id::make(0);
      if (!user)
        return;
      piece.user = *user;
    }
    piece.kind = kind;
    piece.value = id;
    if (kind != piece_kind::cashtag)
      piece.ids.clear();
  }

  /// The id of the type that this kind has; the first where none is.
  static std::string id_of(const message_piece& piece, piece_kind kind) {
    const auto* type = kind == piece_kind::mention   ? "com.symphony.user.userId"
                       : kind == piece_kind::hashtag ? "org.symphonyoss.taxonomy.hashtag"
                                                     : "org.symphonyoss.fin.security.id.ticker";
    for (const auto& [name, value] : piece.ids)
      if (name == type)
        return value;
    return piece.ids.front().second;
  }

  static void read_ids(const json::object& object, message_piece& piece) {
    const auto* found = object.if_contains("id");
    const auto* list = found ? found->if_array() : nullptr;
    if (!list)
      return;
    for (const auto& each : *list)
      if (const auto* one = each.if_object())
        piece.ids.emplace_back(member(*one, "type"), member(*one, "value"));
  }

  const json::object& entities_;
  received_message& into_;
  int depth_ = 0;
  /// Links and entities whose text is being read.
  struct open_piece {
    message_piece piece;
    int depth = 0;
    /// A part of it is among the pieces already.
    bool begun = false;
  };
  std::vector<open_piece> open_;
  std::vector<int> cells_;
  std::vector<int> blocks_;
  /// A block has begun or ended, and no text has followed.
  bool line_ends_ = false;
  bool after_cell_ = false;
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
  unsigned char room[4'096];
  json::monotonic_resource storage{room};
  auto entities = read_entities(data, &storage);
  if (const auto* wrong = std::get_if<fault>(&entities)) {
    made.flaw = wrong->text;
    entities = json::object{};
  }
  made.text.reserve(message.size() / 2);
  made.pieces.reserve(8);
  walk into{std::get<json::object>(entities), made};
  if (const auto wrong = xml::read(message, into)) {
    // What was read of it might mean something else.
    made = {};
    made.flaw = to_string(*wrong);
  }
  return made;
}

} // namespace tutti::messageml
