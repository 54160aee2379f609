#include <bot/command/verbs/messageml_verbs.hpp>

#include <bot/process/exit_status.hpp>
#include <wire/messageml/messageml.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

namespace tutti::command {

namespace {

constexpr const char* notes =
    R"(FILE holds MessageML (<messageML>) or PresentationML; - is standard input. Users and instruments,
which only a pod knows, count as known.

Exit status: 0 good, 1 refused by the agent, 64 usage.)";

struct messageml_options {
  std::string file;
  std::string data;
  bool presentation = false;
  bool entities = false;
};

/// Nothing when it cannot be read, which is reported.
std::optional<std::string> contents(const std::string& path) {
  if (path == "-")
    return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
  std::error_code ignored;
  std::ifstream file{path, std::ios::binary};
  if (file && !std::filesystem::is_directory(path, ignored))
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  std::cerr << "tutti: " << path
            << ": cannot be read; name a file that is there, or - for standard input\n";
  return std::nullopt;
}

void report(const std::string& file, const messageml::faults& found) {
  for (const auto& each : found) {
    std::cerr << file << ":" << each.at.line << ":" << each.at.column << ": "
              << to_string(each.kind) << ": ";
    if (!each.element.empty())
      std::cerr << "<" << each.element << "> ";
    if (!each.attribute.empty())
      std::cerr << each.attribute << ": ";
    std::cerr << each.text << "\n";
  }
}

int run(const messageml_options& given, bool show) {
  const auto message = contents(given.file);
  const auto data = given.data.empty() ? std::optional<std::string>{""} : contents(given.data);
  if (!message || !data)
    return usage;
  const auto made = messageml::prepare(*message, *data);
  if (const auto* found = std::get_if<messageml::faults>(&made)) {
    report(given.file, *found);
    return refused;
  }
  const auto& good = std::get<messageml::prepared>(made);
  if (!show)
    std::cout << given.file << ": good\n";
  else if (!given.presentation && !given.entities)
    std::cout << good.text << "\n";
  if (show && given.presentation)
    std::cout << good.presentation << "\n";
  if (show && given.entities)
    std::cout << good.entities << "\n";
  return done;
}

} // namespace

void add_messageml_verbs(CLI::App& app, const verb_parts& parts) {
  auto& family = *app.add_subcommand("messageml", "Messages as the agent takes them");
  family.require_subcommand(1);
  auto add = [&](const char* name, const char* help, bool show) {
    auto given = std::make_shared<messageml_options>();
    auto& verb = *family.add_subcommand(name, help);
    verb.add_option("FILE", given->file, "MessageML or PresentationML; - for standard input")
        ->required();
    verb.add_option("--data", given->data, "the entity data (JSON)")->type_name("FILE.json");
    if (show) {
      verb.add_flag("--presentation", given->presentation, "the PresentationML that is stored");
      verb.add_flag("--entities", given->entities, "the entity data that is stored");
    }
    verb.footer(notes);
    verb.callback(
        [given, show, into = parts.act] { *into = [given, show] { return run(*given, show); }; });
  };
  auto& elements =
      *family.add_subcommand("elements", "Print every element with its attributes and an example");
  elements.callback([into = parts.act] {
    *into = [] {
      std::cout << messageml::element_reference();
      return done;
    };
  });
  add("check", "Say what is wrong with a message, a line for each fault", false);
  add("show", "Show the text of a message, its PresentationML or its entity data", true);
}

} // namespace tutti::command
