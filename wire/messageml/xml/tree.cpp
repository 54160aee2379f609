// Makes a tree of what is read.
#include <wire/messageml/xml/xml.hpp>

#include <algorithm>

namespace tutti::messageml::xml {

namespace {

class tree_sink final : public sink {
public:
  void begin(std::string_view name, std::span<const attribute_view> attributes,
             const source& where) override {
    auto& made = open_.emplace_back();
    made.name = name;
    made.at = where.here();
    made.attributes.reserve(attributes.size());
    for (const auto& each : attributes)
      made.attributes.emplace_back(each.name, each.value);
    std::sort(made.attributes.begin(), made.attributes.end());
  }

  void text(std::string_view piece, const source& where) override {
    auto& into = open_.back().children;
    if (into.empty() || !into.back().is_text()) {
      into.emplace_back();
      into.back().at = where.here();
    }
    into.back().text += piece;
  }

  void end() override {
    auto done = std::move(open_.back());
    open_.pop_back();
    auto& into = open_.empty() ? roots_ : open_.back().children;
    into.push_back(std::move(done));
  }

  /// Of a document that is whole.
  node take_root() { return std::move(roots_.front()); }

private:
  std::vector<node> open_;
  std::vector<node> roots_;
};

} // namespace

const std::string* node::find(std::string_view attribute) const {
  for (const auto& [name, value] : attributes)
    if (name == attribute)
      return &value;
  return nullptr;
}

std::variant<node, fault> parse(std::string_view text) {
  tree_sink into;
  if (auto wrong = read(text, into))
    return std::move(*wrong);
  return into.take_root();
}

} // namespace tutti::messageml::xml
