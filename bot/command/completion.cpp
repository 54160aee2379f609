// One case for each subcommand.
#include <bot/command/completion.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace tutti::command {

namespace {

/// `path` is what has been typed, such as ` im open`.
void add_cases(std::string& cases, const CLI::App& app, const std::string& path) {
  std::string words;
  for (const auto* each : app.get_subcommands({})) {
    words += each->get_name() + " ";
    add_cases(cases, *each, path + " " + each->get_name());
  }
  for (const auto* each : app.get_options())
    for (const auto& name : each->get_lnames())
      words += "--" + name + " ";
  // What follows the last verb are its own arguments.
  cases += fmt::format("    '{}'{}) words='{}' ;;\n", path,
                       app.get_subcommands({}).empty() ? "*" : "", words);
}

constexpr const char* script = R"~(# {0} completion for tutti: eval "$(tutti completion {0})"
{1}_tutti() {{
  local path='' words='' word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$word" in -*) ;; *) path="$path $word" ;; esac
  done
  case "$path" in
{2}  esac
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  if [ "$previous" = --config ] || [ "$previous" = --folder ]; then
    COMPREPLY=( $(compgen -f -- "$current") )
  else
    COMPREPLY=( $(compgen -W "$words" -- "$current") )
  fi
}}
complete -o filenames -F _tutti tutti
)~";

} // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
  std::string cases;
  add_cases(cases, app, "");
  auto preamble = shell == "zsh"
                      ? "autoload -Uz compinit bashcompinit && compinit -u -D && bashcompinit\n"
                      : "";
  return fmt::format(script, shell, preamble, cases);
}

} // namespace tutti::command
