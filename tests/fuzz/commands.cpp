// Whatever an author's pattern and a person's message are: a call has a value for each parameter,
// a complaint has words, and nothing of a message is read that is not there.
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/commands/command_set.hpp>
#include <plugins/commands/command_file.hpp>
#include <tests/fuzz/fuzz.hpp>

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace tutti;
using namespace tutti::commands;
using fuzz::must;

words words_of(const std::string& text) {
  messageml::received_message message;
  message.text = text;
  message.pieces.push_back({messageml::piece_kind::text, text});
  return split(message);
}

void check(const command_set& all, const std::string& said) {
  const auto message = words_of(said);
  std::size_t begin = 0;
  for (const auto& each : message.all) {
    must(each.begin >= begin && each.begin < said.size(), "words are in the order of the text");
    begin = each.begin;
  }
  if (message.all.empty())
    return;
  const auto found = all.find(message, 0);
  if (const auto* call = std::get_if<command_set::call>(&found)) {
    const auto& reads = call->which->reads;
    must(call->values.size() == reads.parameters.size(), "a value for each parameter");
    for (std::size_t i = 0; i < call->values.size(); ++i)
      must(is_of(call->values[i], call->which->declared.takes[i]), "of the parameter's type");
  }
  if (const auto* wrong = std::get_if<command_set::misuse>(&found)) {
    const command_texts texts;
    must(!filled(texts.*wrong->why.text, wrong->why.words).empty(), "a complaint has words");
  }
  if (const auto* none = std::get_if<command_set::unknown>(&found))
    must(none->given.size() <= 104, "what is said again is short");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  const std::string all{input.rest()};
  const auto line = std::min(all.find('\n'), all.size());
  const auto pattern = all.substr(0, line);
  const auto said = all.substr(std::min(line + 1, all.size()));
  command_set known;
  command_declaration made{pattern, "help"};
  made.names = std::make_shared<std::vector<std::string>>();
  if (known.add(std::move(made)).empty()) {
    must(!known.all().front()->reads.usage().empty(), "a command has a usage");
    check(known, said);
    check(known, known.all().front()->reads.name() + " " + said);
  }
  const auto safe = command_file::escaped(said);
  must(safe.find_first_of("<>\"'{}$") == safe.npos, "an argument is no markup");
  must(command_file::filled(pattern, {}) == pattern, "what is no argument stays");
  return 0;
}
