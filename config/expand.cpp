// Variables in values, the way shells write them.
#include <config/expand.hpp>

#include <algorithm>
#include <cctype>
#include <optional>

namespace tutti::config_file {

namespace {

bool is_name(const std::string& text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; });
}

/// What is wrong with `${inside}`, where `name` is the part before a `:-`; empty for nothing. Only
/// that part is quoted: a default may be a secret.
std::string flaw_of_name(const std::string& name) {
  auto colon = name.find(':');
  if (colon != name.npos && is_name(name.substr(0, colon)))
    return "a default is written ${" + name.substr(0, colon) + ":-default}, with a '-'";
  if (!is_name(name))
    return "what stands between '${' and '}' is not the name of a variable; write ${NAME}, "
           "${NAME:-default}, or $$ for a plain $";
  return {};
}

/// A default with `$$` as `$`; nothing when it holds another variable.
std::optional<std::string> plain(const std::string& otherwise) {
  std::string made;
  for (std::size_t at = 0; at < otherwise.size(); ++at) {
    if (otherwise.compare(at, 2, "${") == 0)
      return std::nullopt;
    made += otherwise[at];
    if (otherwise.compare(at, 2, "$$") == 0)
      ++at;
  }
  return made;
}

std::string unset(const std::string& name) {
  return "the environment variable " + name + " is not set; set it or write ${" + name +
         ":-default}";
}

} // namespace

expanded expand(const std::string& value, const environment& variables) {
  expanded made;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '$') {
      made.text += value[at];
    } else if (value.compare(at, 2, "$$") == 0) {
      made.text += '$';
      ++at;
    } else if (value.compare(at, 2, "${") == 0) {
      auto end = value.find('}', at);
      if (end == std::string::npos)
        return {{}, "'${' without '}'; write $$ for a plain $"};
      auto inside = value.substr(at + 2, end - at - 2);
      auto split = inside.find(":-");
      auto has_default = split != std::string::npos;
      auto name = inside.substr(0, split);
      if (auto flaw = flaw_of_name(name); !flaw.empty())
        return {{}, flaw};
      auto otherwise = plain(has_default ? inside.substr(split + 2) : std::string{});
      if (!otherwise)
        return {{}, "the default of ${" + name + ":-...} cannot hold another variable"};
      auto found = variables(name);
      if (found && (!found->empty() || !has_default))
        made.text += *found;
      else if (has_default)
        made.text += *otherwise;
      else
        return {{}, unset(name)};
      at = end;
    } else {
      made.text += '$';
    }
  }
  return made;
}

} // namespace tutti::config_file
