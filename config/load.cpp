// YAML in, struct config out; every complaint names file, line, column and key.
#include <tutti/config_file.hpp>
#include <tutti/secret_file.hpp>

#include <config/documents.hpp>
#include <config/fields.hpp>
#include <config/host_keys.hpp>
#include <config/paths.hpp>
#include <config/plugin_keys.hpp>
#include <config/reading.hpp>

#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti::config_file {

namespace {

/// The keys of the official kits that are known and have no effect.
template <class Visit>
void each_idle_key(Visit&& visit) {
  for (const auto& each : idle_host_keys) {
    visit(std::string{each.key}, each.what);
    for (auto [name, which] : services)
      visit(std::string{name} + "." + std::string{each.key}, each.what);
  }
  for (const auto& each : idle_keys)
    visit(std::string{each.key}, each.what);
}

known_keys all_keys() {
  known_keys made;
  config some;
  auto add = [&](const std::string& key, auto& member, std::string_view) {
    constexpr auto is_list =
        std::is_same_v<std::remove_cvref_t<decltype(member)>, std::vector<std::string>>;
    made.add(key, is_list ? shape::list : shape::value);
  };
  host_fields(add, some.hosts[0], "");
  for (auto [name, which] : services)
    host_fields(add, some.hosts[0], std::string{name} + ".");
  fields(add, some);
  for (auto [old_key, key] : aliases)
    made.add(std::string{old_key});
  made.add("log.levels", shape::anything);
  made.add("defaultHeaders", shape::anything);
  for (auto [name, which] : services)
    made.add(std::string{name} + ".defaultHeaders", shape::anything);
  made.add("plugins", shape::list);
  each_idle_key([&](const std::string& key, shape what) { made.add(key, what, true); });
  return made;
}

void read_levels(reading& in, const tree& rows, config& made) {
  in.each_of_map(rows, "log.levels", "{http: debug}",
                 [&](const std::string& component, const std::string& value, std::string& wrong) {
                   read(value, made.log.levels[component], wrong);
                 });
}

void read_older_spellings(reading& in, const tree& rows, config& made) {
  for (auto [old_key, key] : aliases)
    if (rows.find(std::string{old_key}))
      fields(
          [&, name = std::string{old_key}, meant = key](const std::string& each, auto& member,
                                                        std::string_view) {
            if (each == meant)
              in.take(rows, name, member);
          },
          made);
}

void list_idle_keys(reading& in, const tree& rows, config& made) {
  std::set<std::string> idle;
  each_idle_key([&](const std::string& key, shape) { idle.insert(key); });
  for (const auto& [key, row] : rows.rows())
    if (idle.contains(key)) {
      if (row.value.IsScalar()) // Reports an unset variable now, not when the key gets effect.
        in.attempt([&, name = key, value = row.value] { in.value_of(name, value); });
      made.without_effect.push_back(key);
    }
  if (!made.commands.manifest_file.empty() && !made.commands.manifest)
    made.without_effect.push_back("manifest (commands.manifest: true publishes it)");
  for (const auto& [word, key, certificate] :
       {std::tuple{"bot", made.bot.private_key, made.bot.certificate},
        {"app", made.app.private_key, made.app.certificate}})
    if (key.given() && certificate.given()) // As in the Python kit; the Java kit refuses it.
      made.without_effect.push_back(std::string{word} + ".certificate (privateKey is used)");
}

/// The map that holds all keys. In a file of the kit's Spring Boot starter that is `bdk`, and the
/// keys beside it are Spring's.
YAML::Node root_of(const YAML::Node& document, const known_keys& known, config& made) {
  constexpr auto spring = "bdk";
  if (!document.IsMap() || !document[spring] || !document[spring].IsMap())
    return document;
  int roots = 0;
  for (const auto& each : document) {
    const auto& word = each.first.Scalar();
    roots += word == spring ? 1 : 0;
    if (roots > 1)
      throw complaint{each.first.Mark(), "bdk: given twice"};
    if (known.has(word))
      throw complaint{each.first.Mark(),
                      word + ": a key of ours beside bdk (the root in files of Spring Boot): keep "
                             "all keys under bdk, or none"};
    if (word != spring && !word.starts_with("x-"))
      made.without_effect.push_back(word);
  }
  return document[spring];
}

config read_config(reading& in, const YAML::Node& document) {
  static const auto known = all_keys();
  config made;
  auto rows = tree{root_of(document, known, made), known, in.complaints};
  read_hosts(in, rows, made);
  fields(
      [&](const std::string& key, auto& member, std::string_view) { in.take(rows, key, member); },
      made);
  read_older_spellings(in, rows, made);
  read_levels(in, rows, made);
  read_plugins(in, rows, made);
  list_idle_keys(in, rows, made);
  return made;
}

/// What usually lies behind a parser's complaint.
std::string hint(const std::string& text, const YAML::Mark& mark) {
  if (text.find('\t') != text.npos)
    return "; is it a tab? YAML is indented with spaces";
  if (mark.is_null())
    return {};
  return " (this is not YAML: look for a missing colon, quote or bracket and at the indent, here "
         "or "
         "above)";
}

failure misconfigured(const std::string& name, const YAML::Mark& place, const std::string& what) {
  reading in{name};
  in.complaints.push_back({place, what});
  return in.all_complaints();
}

template <class Change>
void each_path(config& made, Change&& change) {
  for (auto* each :
       {&made.bot.private_key.path, &made.bot.certificate.path, &made.app.private_key.path,
        &made.app.certificate.path, &made.tls.trust_store_path, &made.tls.crl,
        &made.im.directory.path, &made.journal.path, &made.commands.manifest_file})
    change(*each);
  for (auto& each : made.plugins)
    change(each.path);
}

} // namespace

result<config> load(const std::string& path) {
  errno = 0;
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return misconfigured(
        path.empty() ? "''" : path, YAML::Mark::null_mark(),
        "cannot be read (" + (errno ? why_unreadable(path, errno) : "it is empty") +
            "); give the path of the bot's configuration (tutti config reference shows every key)");
  return parse(text.str(), path);
}

result<config> parse(const std::string& text, const std::string& name) {
  try {
    reading in{name};
    auto made = read_config(in, only_document(text));
    if (!in.complaints.empty())
      return in.all_complaints();
    made.notes = in.all_notes();
    made.origin = name;
    each_path(made, [&](std::string& path) { path = path_from(name, path); });
    return made;
  } catch (const complaint& why) {
    return misconfigured(name, why.place, why.what);
  } catch (const YAML::Exception& error) {
    return misconfigured(name, error.mark, error.msg + hint(text, error.mark));
  }
}

} // namespace tutti::config_file
