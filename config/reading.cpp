// Replaces variables, collects complaints.
#include <config/reading.hpp>

#include <config/expand.hpp>
#include <config/merge_keys.hpp>

#include <tutti/joined_failure.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

namespace tutti::config_file {

namespace {

std::optional<std::string> getenv_of(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

/// What people can read: the beginning, and the way out at the end.
std::string in_short(const std::string& what) {
  constexpr std::size_t head = 600;
  constexpr std::size_t tail = 300;
  if (what.size() <= head + tail)
    return what;
  return what.substr(0, head) + " ... " + what.substr(what.size() - tail);
}

/// The variable a value ends with; empty for none.
std::string last_variable(const std::string& raw) {
  auto begin = raw.rfind("${");
  if (begin == raw.npos || !raw.ends_with('}'))
    return {};
  auto name = raw.substr(begin + 2, raw.size() - begin - 3);
  return name.substr(0, name.find(":-"));
}

/// A secret that is read from a file or a command often brings the line's end along. In the content
/// of a key it does no harm.
std::string note_of(const std::string& key, const std::string& raw, const std::string& value) {
  if (!(value.ends_with('\n') || value.ends_with('\r')) || key.ends_with("ontent"))
    return {};
  auto variable = last_variable(raw);
  return key + ": the value ends with a line break, which counts as a part of it" +
         (variable.empty() ? "; write it on one line"
                           : "; it comes from the environment variable " + variable);
}

} // namespace

std::string reading::value_of(const std::string& key, const YAML::Node& node) {
  auto value = expand(node.Scalar(), getenv_of);
  if (!value.error.empty())
    throw complaint{node.Mark(), key + ": " + value.error};
  if (auto note = note_of(key, node.Scalar(), value.text); !note.empty())
    notes.push_back({node.Mark(), note});
  return value.text;
}

void reading::take(const tree& rows, const std::string& key, std::vector<std::string>& into) {
  const auto* found = rows.find(key);
  if (!found)
    return;
  into.clear();
  for (const auto& each : found->value)
    attempt([&] {
      if (!each.IsScalar())
        throw complaint{each.Mark(), key + ": each of the list is a single value"};
      into.push_back(value_of(key, each));
    });
}

void reading::each_of_map(
    const tree& rows, const std::string& key, const char* example,
    const std::function<void(const std::string&, const std::string&, std::string&)>& visit) {
  const auto* found = rows.find(key);
  if (!found)
    return;
  attempt([&] {
    if (!found->value.IsMap())
      throw complaint{found->value.Mark(), key + ": a map is expected, e.g. " + example};
    std::set<std::string> seen;
    for (const auto& row : rows_of(found->value))
      attempt([&] {
        auto word = row.first.Scalar();
        auto path = key + ".";
        path += word;
        if (!seen.insert(word).second)
          throw complaint{row.first.Mark(), path + ": given twice"};
        if (!row.second.IsScalar())
          throw complaint{row.second.Mark(), path + ": a single value is expected"};
        std::string wrong;
        visit(word, value_of(path, row.second), wrong);
        if (!wrong.empty())
          throw complaint{row.second.Mark(), path.append(": ").append(wrong)};
      });
  });
}

std::string reading::place_of(const YAML::Mark& mark) const {
  if (mark.is_null())
    return file_ + ": ";
  return file_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": ";
}

std::vector<std::string> reading::all_notes() const {
  std::vector<std::string> all;
  all.reserve(notes.size());
  for (const auto& each : notes)
    all.push_back(place_of(each.place) + each.what);
  return all;
}

failure reading::all_complaints() {
  complaints.insert(complaints.end(), notes.begin(), notes.end());
  std::stable_sort(complaints.begin(), complaints.end(), [](const auto& one, const auto& other) {
    return one.place.pos < other.place.pos;
  });
  std::vector<failure> all;
  all.reserve(complaints.size());
  for (const auto& each : complaints)
    all.push_back({errc::misconfigured, place_of(each.place) + in_short(each.what), 0, {}});
  return joined(all);
}

} // namespace tutti::config_file
