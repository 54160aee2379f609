// A verb that asks the core: its common options, and what it does.
#pragma once

#include <bot/command/verbs/stream_verbs.hpp>

#include <CLI/CLI.hpp>

#include <utility>

namespace tutti::command {

/// Refuses an empty text: it is no user, but a variable that a script has not set.
inline const CLI::Validator somebody{
    [](std::string& text) { return text.empty() ? std::string{"'' is no user"} : std::string{}; },
    ""};

/// Adds `name` to `family` with the common options and `Options` more, which `define(app, options)`
/// adds; `act(asking, options)` runs when it was given.
template <class Options, class Define, class Act>
void add_verb(CLI::App& family, const verb_parts& parts, const char* name, const char* help,
              Define define, Act act) {
  struct all {
    asking_options asking;
    Options own;
  };
  auto given = std::make_shared<all>();
  auto& verb = *family.add_subcommand(name, help);
  parts.add_common(verb, given->asking.common);
  verb.add_option("--as", given->asking.as,
                  "on behalf of this user, by the app of app.appId: id, e-mail address or username")
      ->check(somebody);
  verb.add_option_function<std::string>(
          "--timeout",
          [given, read = parts.read_time](const std::string& text) {
            given->asking.timeout = read(text);
            given->asking.bounded = true;
          },
          "for each question: milliseconds, or a number with ms, s, m or h; default 30s")
      ->type_name("D");
  define(verb, given->own);
  verb.callback([given, act, into = parts.act] {
    *into = [given, act] {
      asking question{given->asking};
      return question.run([&] { act(question, given->own); });
    };
  });
}

} // namespace tutti::command
