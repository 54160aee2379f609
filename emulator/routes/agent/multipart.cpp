#include <emulator/routes/agent/multipart.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tutti::emulator {

namespace {

bool same_word(std::string_view one, std::string_view other) {
  return boost::beast::iequals({one.data(), one.size()}, {other.data(), other.size()});
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// The value of `; name=value` or `; name="value"` in a header's value; nothing for none.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  for (auto at = value.find(';'); at != std::string_view::npos; at = value.find(';', at)) {
    ++at;
    auto equals = value.find('=', at);
    if (equals == std::string_view::npos)
      return std::nullopt;
    auto found = same_word(trimmed(value.substr(at, equals - at)), name);
    at = equals + 1;
    std::string read;
    if (at < value.size() && value[at] == '"') {
      for (++at; at < value.size() && value[at] != '"'; ++at) {
        if (value[at] == '\\' && at + 1 < value.size())
          ++at;
        read += value[at];
      }
    } else {
      auto end = std::min(value.find(';', at), value.size());
      read = trimmed(value.substr(at, end - at));
      at = end;
    }
    if (found)
      return read;
  }
  return std::nullopt;
}

constexpr std::string_view line_end = "\r\n";

/// False for a head that is none.
bool read_head(std::string_view head, form_part& into) {
  while (!head.empty()) {
    auto end = std::min(head.find(line_end), head.size());
    auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + line_end.size(), head.size()));
    auto colon = line.find(':');
    if (colon == std::string_view::npos)
      return false;
    auto name = trimmed(line.substr(0, colon));
    auto value = trimmed(line.substr(colon + 1));
    if (same_word(name, "Content-Disposition")) {
      into.name = parameter(value, "name").value_or("");
      into.filename = parameter(value, "filename").value_or("");
    } else if (same_word(name, "Content-Type")) {
      into.content_type = value;
    }
  }
  return !into.name.empty();
}

} // namespace

std::optional<std::vector<form_part>> read_multipart(std::string_view content_type,
                                                     std::string_view body) {
  auto kind = trimmed(content_type.substr(0, content_type.find(';')));
  auto boundary = parameter(content_type, "boundary");
  if (!same_word(kind, "multipart/form-data") || !boundary || boundary->empty())
    return std::nullopt;
  const auto mark = "--" + *boundary;
  auto at = body.find(mark);
  if (at == std::string_view::npos)
    return std::nullopt;
  std::vector<form_part> parts;
  while (true) {
    body.remove_prefix(at + mark.size());
    if (body.starts_with("--"))
      return parts;
    auto head_end = body.find("\r\n\r\n");
    // What follows the boundary's line end, up to the empty line.
    if (!body.starts_with(line_end) || head_end == std::string_view::npos)
      return std::nullopt;
    form_part one;
    auto head = head_end < line_end.size()
                    ? std::string_view{}
                    : body.substr(line_end.size(), head_end - line_end.size());
    if (!read_head(head, one))
      return std::nullopt;
    body.remove_prefix(head_end + 4);
    at = body.find(std::string{line_end} + mark);
    if (at == std::string_view::npos)
      return std::nullopt;
    one.content = body.substr(0, at);
    parts.push_back(std::move(one));
    at += line_end.size();
  }
}

} // namespace tutti::emulator
