#include <plugins/commands/command_file.hpp>

#include <tutti/local_client.hpp>
#include <tutti/secret_file.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

namespace tutti::command_file {

namespace {

constexpr std::size_t most_messageml = std::size_t{1} << 20;

/// What is wrong, with its place.
struct flaw {
  std::string what;
  YAML::Mark at;
};

failure refused(const std::string& path, const std::string& what, const YAML::Mark& at) {
  std::string place = path;
  if (!at.is_null())
    place += ":" + std::to_string(at.line + 1) + ":" + std::to_string(at.column + 1);
  return {errc::misconfigured, place + ": " + what, 0, "commands"};
}

std::string text_of(const YAML::Node& node, const std::string& key) {
  if (!node.IsScalar())
    throw flaw{key + " is a text", node.Mark()};
  return node.Scalar();
}

std::chrono::milliseconds time_of(const YAML::Node& node, const std::string& key) {
  const auto text = text_of(node, key);
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  const std::string_view unit{rest, static_cast<std::size_t>(end - rest)};
  const auto factor = unit == "s"                    ? 1'000
                      : unit == "m"                  ? 60'000
                      : unit.empty() || unit == "ms" ? 1
                                                     : 0;
  if (error != std::errc{} || factor == 0 || count < 1 || count > 3'600'000 / factor)
    throw flaw{key + ": '" + text + "' is no time from 1ms to 60m", node.Mark()};
  return std::chrono::milliseconds{count * factor};
}

/// Of a file beside that of the commands.
std::string content_of(const std::string& beside, const YAML::Node& node, const std::string& key) {
  const auto given = text_of(node, key);
  const auto path = (std::filesystem::path{beside}.parent_path() / given).string();
  auto read = read_secret(path, most_messageml);
  if (!read)
    throw flaw{key + ": " + path + ": " + why_unreadable(path, errno), node.Mark()};
  return std::move(*read);
}

std::string not_known(const std::string& key) {
  std::string all = "'" + key + "' is none of ";
  const auto* between = "";
  for (const auto* each :
       {"pattern", "help", "text", "messageml", "url", "token", "timeout", "unavailable"})
    all.append(std::exchange(between, ", ")).append(each);
  return all;
}

entry read_entry(const std::string& path, const YAML::Node& node) {
  if (!node.IsMap())
    throw flaw{"a command is a map with pattern, help and one of text, messageml, url",
               node.Mark()};
  entry made;
  int answers = 0;
  for (const auto& row : node) {
    const auto key = text_of(row.first, "a key");
    const auto& value = row.second;
    if (key == "pattern")
      made.pattern = text_of(value, key);
    else if (key == "help")
      made.help = text_of(value, key);
    else if (key == "text")
      made.text = (++answers, text_of(value, key));
    else if (key == "messageml")
      made.messageml = (++answers, content_of(path, value, key));
    else if (key == "url")
      made.url = (++answers, text_of(value, key));
    else if (key == "token")
      made.token = content_of(path, value, key);
    else if (key == "timeout")
      made.timeout = time_of(value, key);
    else if (key == "unavailable")
      made.unavailable = text_of(value, key);
    else
      throw flaw{not_known(key), row.first.Mark()};
  }
  if (made.pattern.empty())
    throw flaw{"pattern is missing, e.g. /quote {ticker:cashtag}", node.Mark()};
  if (answers != 1)
    throw flaw{made.pattern + ": give one of text, messageml (a file) and url", node.Mark()};
  if (!made.url.empty())
    if (auto why = local_client::flaw_of(made.url); !why.empty())
      throw flaw{made.pattern + ": url: " + why, node.Mark()};
  while (!made.token.empty() && (made.token.back() == '\n' || made.token.back() == '\r'))
    made.token.pop_back();
  if (!made.messageml.empty()) {
    try {
      message_of(made.messageml);
    } catch (const messageml::build_error& wrong) {
      throw flaw{made.pattern + ": messageml: " + wrong.what(), node.Mark()};
    }
  }
  return made;
}

} // namespace

result<std::vector<entry>> read(const std::string& path) {
  try {
    const auto root = YAML::LoadFile(path);
    const auto list = root.IsMap() ? root["commands"] : root;
    if (!list || !list.IsSequence() || list.size() == 0)
      return refused(path, "it has a list under the key commands", root.Mark());
    std::vector<entry> all;
    all.reserve(list.size());
    for (const auto& node : list)
      all.push_back(read_entry(path, node));
    return all;
  } catch (const flaw& wrong) {
    return refused(path, wrong.what, wrong.at);
  } catch (const YAML::BadFile&) {
    return failure{errc::misconfigured, "file: " + why_unreadable(path, errno), 0, "commands"};
  } catch (const YAML::Exception& wrong) {
    return refused(path, wrong.msg, wrong.mark);
  }
}

std::string filled(std::string_view text,
                   const std::vector<std::pair<std::string, std::string>>& arguments) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    made.append(text.substr(at, open - at));
    if (open == std::string_view::npos)
      break;
    const auto close = text.find('}', open);
    const std::string* value = nullptr;
    for (const auto& [name, each] : arguments)
      if (close != std::string_view::npos && text.substr(open + 1, close - open - 1) == name)
        value = &each;
    made.append(value ? std::string_view{*value} : text.substr(open, 1));
    at = value ? close + 1 : open + 1;
  }
  return made;
}

messageml::message message_of(std::string_view xml) {
  constexpr std::string_view begin = "<messageML>";
  constexpr std::string_view end = "</messageML>";
  constexpr std::string_view blanks = " \t\r\n";
  xml.remove_prefix(std::min(xml.find_first_not_of(blanks), xml.size()));
  xml = xml.substr(0, xml.find_last_not_of(blanks) + 1);
  if (xml.starts_with(begin) && xml.ends_with(end))
    xml = xml.substr(begin.size(), xml.size() - begin.size() - end.size());
  return messageml::message{}.raw(xml);
}

std::string escaped(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (const char each : text) {
    // Beside XML's own: those by which the agent takes a text for a template.
    if (std::string_view{"&<>\"'$#{}"}.find(each) != std::string_view::npos)
      made.append("&#").append(std::to_string(static_cast<int>(each))).append(";");
    else if (static_cast<unsigned char>(each) >= 0x20 || each == '\n' || each == '\t')
      made.push_back(each);
  }
  return made;
}

} // namespace tutti::command_file
