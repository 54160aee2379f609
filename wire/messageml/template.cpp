#include <wire/messageml/template.hpp>

#include <wire/messageml/messageml.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <optional>

namespace tutti::messageml {

namespace json = boost::json;

namespace {

position place_of(std::string_view message, std::size_t at) {
  const auto before = message.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  return {static_cast<int>(line) + 1,
          static_cast<int>(at - (start == before.npos ? 0 : start + 1)) + 1};
}

/// Reads `data.a['b'].c`.
class path_reader {
public:
  explicit path_reader(std::string_view text) : rest_(text) {}

  /// The next name; empty when there is none.
  std::string_view next() {
    if (rest_.starts_with("['") || rest_.starts_with("[\"")) {
      const auto end = rest_.find(rest_[1], 2);
      if (end == rest_.npos || end + 1 >= rest_.size() || rest_[end + 1] != ']')
        return {};
      const auto name = rest_.substr(2, end - 2);
      rest_.remove_prefix(end + 2);
      return name;
    }
    if (!first_ && !rest_.starts_with('.'))
      return {};
    rest_.remove_prefix(first_ ? 0 : 1);
    first_ = false;
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '.' && rest_[end] != '[' && rest_[end] != ' ' &&
           rest_[end] != '?' && rest_[end] != '!' && rest_[end] != '(')
      ++end;
    const auto name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return name;
  }

  bool done() const { return rest_.empty(); }

private:
  std::string_view rest_;
  bool first_ = true;
};

std::string_view trimmed_name(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

/// With a comma for each thousand, as the agent's locale writes numbers.
std::string grouped(const std::string& digits) {
  std::string made;
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > start && (digits.size() - at) % 3 == 0)
      made += ',';
    made += digits[at];
  }
  return made;
}

std::optional<std::string> value_at(std::string_view path, const json::object& entities) {
  path_reader names{trimmed_name(path)};
  const auto first = names.next();
  if (first != "data" && first != "entity")
    return std::nullopt;
  const json::object* object = &entities;
  const json::value* found = nullptr;
  while (!names.done()) {
    const auto name = names.next();
    found = object && !name.empty() ? object->if_contains({name.data(), name.size()}) : nullptr;
    if (!found)
      return std::nullopt;
    object = found->if_object();
  }
  if (!found)
    return std::nullopt;
  if (const auto* text = found->if_string())
    return std::string{text->data(), text->size()};
  if (found->is_int64())
    return grouped(std::to_string(found->get_int64()));
  return std::nullopt;
}

} // namespace

bool is_template(std::string_view message) {
  for (const auto* mark : {"<#", "<@", "${", "#{"})
    if (message.find(mark) != message.npos)
      return true;
  return false;
}

std::variant<std::string, fault> expand(std::string_view message, const json::object& entities) {
  std::string made;
  for (std::size_t at = 0; at < message.size();) {
    const auto rest = message.substr(at);
    auto complain = [&](std::string text) {
      return fault{fault_kind::bad_template, place_of(message, at), {}, {}, std::move(text)};
    };
    if (rest.starts_with("<#") || rest.starts_with("<@") || rest.starts_with("</#") ||
        rest.starts_with("#{"))
      return complain("directives of templates are not emulated");
    if (!rest.starts_with("${")) {
      made += rest.front();
      ++at;
      continue;
    }
    const auto end = rest.find('}');
    if (end == rest.npos)
      return complain("'${' without '}'");
    auto value = value_at(rest.substr(2, end - 2), entities);
    if (!value)
      return complain("'" + std::string{rest.substr(0, end + 1)} +
                      "' names no text or whole number of the entity data");
    made += *value;
    if (made.size() > most_bytes)
      return fault{fault_kind::too_large,
                   {},
                   {},
                   {},
                   "with what templates stand for, the message has more than 1.5 MB"};
    at += end + 1;
  }
  return made;
}

} // namespace tutti::messageml
