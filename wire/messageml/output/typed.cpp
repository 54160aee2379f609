// Wraps what is in lines, and gives entities their numbers.
#include <wire/messageml/output/typed.hpp>

#include <wire/messageml/text/values.hpp>

namespace tutti::messageml {

namespace {

void number_entities(element& one, int& next,
                     const std::function<bool(const std::string&)>& taken) {
  for (auto& child : one.children) {
    if (!child.entity_id.empty() && !child.custom) {
      while (taken(std::to_string(next)))
        ++next;
      child.entity_id = std::to_string(next++);
    }
    number_entities(child, next, taken);
  }
}

} // namespace

void as_typed(document& message, const std::function<bool(const std::string&)>& taken) {
  auto next = 0;
  number_entities(message.root, next, taken);
  std::vector<element> blocks;
  auto in_line = false;
  for (auto& child : message.root.children) {
    const auto phrase = child.is_text() || child.row().phrasing || !child.row().entity.empty();
    if (child.is_text() && !in_line && is_blank(child.text)) // Between blocks.
      continue;
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
