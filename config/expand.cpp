// Variables in values, the way shells write them.
#include <config/expand.hpp>

namespace tutti::config_file {

namespace {

std::string unset(const std::string& name) {
  if (auto colon = name.find(':'); colon != name.npos)
    return "a default is written ${" + name.substr(0, colon) + ":-default}, with a '-'";
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
      auto name = inside.substr(0, split);
      if (name.empty())
        return {{}, "'${" + inside + "}' names no variable; write ${NAME}, or $$ for a plain $"};
      auto found = variables(name);
      if (found && (!found->empty() || split == std::string::npos))
        made.text += *found;
      else if (split != std::string::npos)
        made.text += inside.substr(split + 2);
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
