#include <wire/messageml/output/typed.hpp>

namespace tutti::messageml {

namespace {

void number_entities(element& one, int& next) {
  for (auto& child : one.children) {
    if (!child.entity_id.empty() && !child.custom)
      child.entity_id = std::to_string(next++);
    number_entities(child, next);
  }
}

} // namespace

void as_typed(document& message) {
  auto next = 0;
  number_entities(message.root, next);
  std::vector<element> blocks;
  auto in_line = false;
  for (auto& child : message.root.children) {
    const auto phrase = child.is_text() || child.row().phrasing;
    if (phrase && !in_line)
      blocks.push_back({.what = kind::paragraph});
    if (phrase)
      blocks.back().children.push_back(std::move(child));
    else
      blocks.push_back(std::move(child));
    in_line = phrase;
  }
  message.root.children = std::move(blocks);
  message.typed = true;
}

} // namespace tutti::messageml
