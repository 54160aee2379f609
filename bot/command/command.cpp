// Reads the command line of `tutti` and runs one of its verbs.
#include <bot/command/command.hpp>

#include <bot/command/completion.hpp>
#include <bot/command/doctor/doctor.hpp>
#include <bot/command/listen/listen.hpp>
#include <bot/command/open/im_open.hpp>
#include <bot/command/run/run.hpp>
#include <bot/command/verbs/keys.hpp>
#include <bot/command/verbs/messageml_verbs.hpp>
#include <bot/command/verbs/stream_arguments.hpp>
#include <bot/command/verbs/stream_verbs.hpp>
#include <bot/command/verbs/verb.hpp>
#include <bot/process/account_check.hpp>
#include <bot/process/exit_status.hpp>
#include <bot/validate.hpp>
#include <bot/warnings.hpp>
#include <plugins/loader.hpp>

#include <tutti/config_file.hpp>
#include <tutti/event.hpp>
#include <tutti/joined_failure.hpp>
#include <tutti/version.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <system_error>

namespace tutti::command {

namespace {

constexpr const char* statuses =
    "Exit status: 0 all well, 1 refused or unreachable, 2 no login, 3 no such user\n"
    "(or several), 64 usage, 70 a defect, 78 configuration; of several the highest.";

constexpr const char* main_examples = R"(Examples:
  tutti keys my-bot                              a key pair, and what to register
  tutti doctor --config my-bot.yaml              what is wrong, and how to mend it
  tutti im open --config my-bot.yaml ada         an IM with ada
  tutti room create --config my-bot.yaml Desk ada ben    a room with both
  tutti say --config my-bot.yaml --to ada Hello  a message to ada
  tutti listen --config my-bot.yaml              what the bot hears
  tutti run --config my-bot.yaml                 the plugins of its configuration
  tutti config reference                         every key of a configuration)";

constexpr const char* run_notes =
    R"(Signals: SIGTERM and SIGINT let what is under way end (life.stopGrace), then stop;
SIGHUP reads the log levels of FILE again.

Exit status: 0 stopped by a signal, 70 the core has crashed repeatedly, 78 configuration;
with life.start: fail also 1 unreachable, 2 no login.)";

constexpr const char* open_examples = R"(Examples:
  tutti im open --config bot.yaml ada@our.bank
  tutti im open --config bot.yaml --each ada ben 8933531975684
  tutti im open --config bot.yaml --admin ada ben      (role User Provisioning)
  tutti im open --config bot.yaml --as ada ben         (an app: app.appId)
  echo '["ada"]' | tutti im open --config bot.yaml --json-lines

A USER is an id, an e-mail address (of the bot's own pod, or else of another one) or a
username of the bot's own pod. What is open is a line of JSON on standard output, what is not one on standard error.)";

/// The verbs, each with what it does when it was given.
class command_line {
public:
  command_line() {
    app_.set_version_flag("--version", "tutti " TUTTI_VERSION);
    app_.set_help_all_flag("--help-all", "Print this help message and that of every command");
    app_.require_subcommand(1);
    add_im();
    const verb_parts parts{[](CLI::App& to, common_options& into) { add_common(to, into); },
                           read_time, &act_};
    add_room_verbs(app_, parts);
    add_stream_verbs(app_, parts);
    add_connection_verbs(app_, parts);
    add_messageml_verbs(app_, parts);
    add_message_verbs(app_, parts);
    add_listen();
    add_run();
    add_doctor();
    add_keys();
    add_config();
    add_plugins();
    add_completion();
    // Last: the verbs would inherit it.
    app_.footer(std::string{main_examples} + "\n\n" + statuses);
  }

  int run(int argc, char** argv) {
    if (auto wrong = unknown_verb(app_, argc, argv); !wrong.empty()) {
      std::cerr << wrong << "\n";
      return usage;
    }
    try {
      app_.parse(argc, stream_arguments{app_, argc, argv}.argv());
      check();
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? done : usage;
    }
    try {
      return told(act_());
    } catch (const std::system_error& error) {
      auto threads = error.code() == std::errc::resource_unavailable_try_again;
      std::cerr << "tutti: " << error.what()
                << (threads ? "; a thread could not be started: raise pids.max (systemd: TasksMax) "
                              "or ulimit -u\n"
                            : "\n");
      return internal;
    } catch (const std::exception& error) {
      std::cerr << "tutti: " << error.what() << "\n";
      return internal;
    }
  }

private:
  /// What the parser would only call a missing subcommand.
  static std::string unknown_verb(const CLI::App& root, int argc, char** argv) {
    std::string path = "tutti";
    const auto* level = &root;
    for (int i = 1; i < argc && argv[i][0] != '-' && !level->get_subcommands({}).empty(); ++i) {
      const CLI::App* next = nullptr;
      std::string known;
      for (const auto* verb : level->get_subcommands({})) {
        if (verb->get_name() == argv[i])
          next = verb;
        known += (known.empty() ? "" : ", ") + verb->get_name();
      }
      if (!next)
        return path.append(": there is no command '")
            .append(argv[i])
            .append("'; there are: ")
            .append(known);
      path.append(" ").append(next->get_name());
      level = next;
    }
    return {};
  }

  /// A status of success only when all that was written has been taken.
  static int told(int status) {
    errno = 0;
    if (std::cout.flush() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
      return status;
    if (status == done) // Otherwise it has been said.
      std::cerr << "tutti: standard output cannot be written ("
                << std::generic_category().message(errno) << ")\n";
    return std::max<int>(status, refused);
  }

  static void add_common(CLI::App& to, common_options& into) {
    to.add_option("--config", into.config_path, "the bot's configuration (YAML or JSON)")
        ->required()
        ->type_name("FILE");
    to.add_option("--log-level", into.log_level, "of the log on standard error; default warn")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
    to.add_flag("--log-json", into.log_json, "log lines as JSON");
  }

  static std::chrono::milliseconds read_time(const std::string& text) {
    std::int64_t amount = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    auto unit = std::string{end, text.data() + text.size()};
    std::int64_t size = unit.empty() || unit == "ms" ? 1
                        : unit == "s"                ? 1'000
                        : unit == "m"                ? 60'000
                        : unit == "h"                ? 3'600'000
                                                     : 0;
    constexpr std::int64_t day = 86'400'000;
    if (error != std::errc{} || size == 0 || amount <= 0 || amount > day / size)
      throw CLI::ValidationError{"--timeout", "'" + text +
                                                  "' is no time from 1ms to 24h; write "
                                                  "milliseconds, or a number with ms, s, m or h"};
    return std::chrono::milliseconds{amount * size};
  }

  void add_im() {
    auto& im = *app_.add_subcommand("im", "Instant messages");
    im.require_subcommand(1);
    auto& open = *im.add_subcommand("open", "Open an IM, or many");
    open.footer(std::string{open_examples} + "\n\n" + statuses);
    add_common(open, open_.common);
    open.add_option("USER", open_.users, "id, e-mail address or username");
    open.add_option("--as", open_.as,
                    "on behalf of this user, by the app of app.appId: id, e-mail address or "
                    "username")
        ->check(somebody);
    open.add_flag("--admin", open_.admin, "the bot is no member unless listed; exactly two users");
    open.add_flag("--each", open_.each, "one IM with each user, instead of one with all");
    open.add_flag("--json-lines", open_.json_lines,
                  "read JSON arrays of users from standard input, one a line");
    open.add_option("--concurrency", open_.concurrency, "IMs under way at once")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    open.add_option_function<std::string>(
            "--timeout", [this](const std::string& text) { open_.timeout = read_time(text); },
            "for each IM: milliseconds, or a number with ms, s, m or h; default 30s")
        ->type_name("D");
    open.callback([this] { act_ = [this] { return run_im_open(open_); }; });
    open_verb_ = &open;
  }

  void add_run() {
    auto& verb = *app_.add_subcommand("run", "Run a bot made of plugins until it is told to stop");
    verb.add_option("--config", run_path_, "the bot's configuration (YAML or JSON)")
        ->required()
        ->type_name("FILE");
    verb.add_flag("--core-files", core_files_,
                  "leave core files possible; keys and tokens would be in them");
    verb.footer(run_notes);
    verb.callback([this] { act_ = [this] { return run_bot(run_path_, core_files_); }; });
  }

  void add_listen() {
    auto& verb = *app_.add_subcommand("listen", "Print the events that the bot hears");
    add_common(verb, listen_.common);
    verb.add_flag("--json-lines", listen_.json_lines, "a JSON object for each, with its payload");
    std::vector<std::string> types;
    for (std::size_t kind = 0; kind < event_kind_count; ++kind)
      types.emplace_back(to_string(static_cast<event_kind>(kind)));
    verb.add_option("--types", listen_.types, "only these, e.g. MESSAGESENT")
        ->check(CLI::IsMember(types));
    verb.add_option("--count", listen_.count, "end after so many")->check(CLI::PositiveNumber);
    verb.add_option("--tag", listen_.tag,
                    "of the feed; default: the bot's user name and -listen, a feed of its own");
    verb.footer("Ends at SIGINT or SIGTERM. An event is acknowledged once its line is written.\n"
                "The feed stays on the pod for half an hour.");
    verb.callback([this] { act_ = [this] { return run_listen(listen_); }; });
  }

  void add_plugins() {
    auto& verb = *app_.add_subcommand("plugins", "List the built-in plugins and their settings");
    verb.callback([this] {
      act_ = [] {
        std::cout << plugins::reference();
        return int{done};
      };
    });
  }

  void add_doctor() {
    auto& doctor = *app_.add_subcommand(
        "doctor", "Check configuration, key, hosts, clock, login and entitlements");
    doctor.add_option("--config", doctor_.config_path, "the bot's configuration (YAML or JSON)")
        ->required()
        ->type_name("FILE");
    doctor.callback([this] { act_ = [this] { return run_doctor(doctor_); }; });
  }

  void add_keys() {
    auto& keys = *app_.add_subcommand("keys", "Make a key pair and say what to register");
    keys.add_option("NAME", keys_.name, "username of the bot")->required();
    keys.add_option("--folder", keys_.folder, "where NAME.pem and NAME.pub.pem go")
        ->capture_default_str();
    keys.add_option("--bits", keys_.bits, "size of the RSA key")
        ->check(CLI::IsMember({2048, 3072, 4096}))
        ->capture_default_str();
    keys.callback([this] { act_ = [this] { return run_keys(keys_); }; });
  }

  void add_config() {
    auto& about = *app_.add_subcommand("config", "What a configuration may hold");
    about.require_subcommand(1);
    auto& check = *about.add_subcommand("check", "Load a configuration and say what is wrong");
    check.add_option("FILE", checked_path_, "YAML or JSON")->required();
    check.callback([this] {
      act_ = [this] {
        auto loaded = config_file::load(checked_path_);
        if (!loaded) {
          std::cerr << loaded.error().detail << "\n";
          return int{configuration};
        }
        std::vector<failure> all;
        for (auto* look : {flaw, plugins::flaw})
          if (auto wrong = look(*loaded))
            all.push_back(std::move(*wrong));
        for (auto* look : {flaw_of_bot, flaw_of_app})
          if (auto unusable = look(*loaded, std::chrono::seconds{5}))
            all.push_back(std::move(unusable->why));
        if (!all.empty()) {
          std::cerr << joined(all).detail << "\n";
          return int{configuration};
        }
        for (const auto& each : warnings(*loaded))
          std::cerr << "warning: " << each << "\n";
        for (const auto& each : plugins::warnings(*loaded))
          std::cerr << "warning: " << each << "\n";
        std::cout << checked_path_ << ": good";
        for (const auto& each : loaded->without_effect)
          std::cout << (&each == &loaded->without_effect.front() ? "; without effect yet: " : ", ")
                    << each;
        std::cout << "\n";
        return int{done};
      };
    });
    auto print = [this](CLI::App& verb, std::string (*text)()) {
      verb.callback([this, text] {
        act_ = [text] {
          std::cout << text();
          return int{done};
        };
      });
    };
    print(*about.add_subcommand("reference", "Print every key with its default"),
          config_file::reference);
    print(*about.add_subcommand("schema", "Print the JSON schema for editors"),
          config_file::schema);
  }

  void add_completion() {
    auto& verb = *app_.add_subcommand("completion", "Print a script for the shell");
    verb.add_option("SHELL", shell_, "bash or zsh")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    verb.callback([this] {
      act_ = [this] {
        std::cout << completion(app_, shell_);
        return int{done};
      };
    });
  }

  /// What the parser does not know.
  void check() const {
    if (!*open_verb_)
      return;
    if (open_.json_lines && !open_.users.empty())
      throw CLI::ExcludesError{"--json-lines", "USER"};
    if (!open_.json_lines && open_.users.empty())
      throw CLI::RequiredError{"USER (or --json-lines)"};
  }

  CLI::App app_{"Symphony bots as CAF actors.", "tutti"};
  std::function<int()> act_;
  const CLI::App* open_verb_ = nullptr;
  im_open_options open_;
  listen_options listen_;
  common_options doctor_;
  keys_options keys_;
  std::string shell_;
  std::string checked_path_;
  std::string run_path_;
  bool core_files_ = false;
};

} // namespace

int run(int argc, char** argv) {
  return command_line{}.run(argc, argv);
}

} // namespace tutti::command
