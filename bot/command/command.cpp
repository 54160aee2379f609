// Reads the command line of `tutti` and runs one of its verbs.
#include <bot/command/command.hpp>

#include <bot/command/completion.hpp>
#include <bot/command/demo.hpp>
#include <bot/command/doctor.hpp>
#include <bot/command/exit_status.hpp>
#include <bot/command/im_open.hpp>
#include <bot/command/keys.hpp>

#include <tutti/config_file.hpp>
#include <tutti/version.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>

namespace tutti::command {

namespace {

constexpr const char* statuses =
    "Exit status: 0 all well, 1 refused or unreachable, 2 no login, 3 no such user,\n"
    "64 usage, 70 a defect, 78 configuration; of several the highest.";

constexpr const char* main_examples = R"(Examples:
  tutti keys my-bot                              a key pair, and what to register
  tutti doctor --config my-bot.yaml              what is wrong, and how to mend it
  tutti im open --config my-bot.yaml ada         an IM with ada
  tutti config reference                         every key of a configuration)";

constexpr const char* open_examples = R"(Examples:
  tutti im open --config bot.yaml ada@our.bank
  tutti im open --config bot.yaml --each ada ben 8933531975684
  tutti im open --config bot.yaml --admin ada ben      (role User Provisioning)
  echo '["ada"]' | tutti im open --config bot.yaml --json-lines

A USER is an id, an e-mail address or a username of the bot's own pod. What is open
is a line of JSON on standard output, what is not one on standard error.)";

/// The verbs, each with what it does when it was given.
class command_line {
public:
  command_line() {
    app_.set_version_flag("--version", "tutti " TUTTI_VERSION);
    app_.set_help_all_flag("--help-all", "Print this help message and that of every command");
    app_.footer(std::string{main_examples} + "\n\n" + statuses);
    app_.require_subcommand(1);
    add_im();
    add_doctor();
    add_keys();
    add_config();
    add_completion();
    add_demo();
  }

  int run(int argc, char** argv) {
    auto verbs = app_.get_subcommands({});
    if (argc > 1 && argv[1][0] != '-' &&
        std::none_of(verbs.begin(), verbs.end(),
                     [&](const CLI::App* verb) { return verb->get_name() == argv[1]; })) {
      std::cerr << "tutti: there is no command '" << argv[1] << "'; tutti --help shows them all\n";
      return usage;
    }
    try {
      app_.parse(argc, argv);
      check();
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? done : usage;
    }
    try {
      return act_();
    } catch (const std::exception& error) {
      std::cerr << "tutti: " << error.what() << "\n";
      return internal;
    }
  }

private:
  void add_common(CLI::App& to, common_options& into) {
    to.add_option("--config", into.config_path, "the bot's configuration (YAML or JSON)")
        ->required()
        ->type_name("FILE");
    to.add_option("--log-level", into.log_level, "of the log on standard error; default warn")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
    to.add_flag("--log-json", into.log_json, "log lines as JSON");
  }

  void add_im() {
    auto& im = *app_.add_subcommand("im", "Instant messages");
    im.require_subcommand(1);
    auto& open = *im.add_subcommand("open", "Open an IM, or many");
    open.footer(open_examples);
    add_common(open, open_.common);
    open.add_option("USER", open_.users, "id, e-mail address or username");
    open.add_flag("--admin", open_.admin, "the bot is no member unless listed; exactly two users");
    open.add_flag("--each", open_.each, "one IM with each user, instead of one with all");
    open.add_flag("--json-lines", open_.json_lines,
                  "read JSON arrays of users from standard input, one a line");
    open.add_option("--concurrency", open_.concurrency, "IMs under way at once")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    open.add_option("--timeout", timeout_,
                    "for each IM: milliseconds, or with ms, s, m; default 30s")
        ->transform(CLI::AsNumberWithUnit(
            std::map<std::string, std::int64_t>{{"ms", 1}, {"s", 1'000}, {"m", 60'000}},
            CLI::AsNumberWithUnit::CASE_SENSITIVE, "D"))
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400'000}, "from 1ms to 1440m"));
    open.callback([this] {
      act_ = [this] {
        open_.timeout = std::chrono::milliseconds{timeout_};
        return run_im_open(open_);
      };
    });
    open_verb_ = &open;
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
        if (loaded)
          return int{done};
        std::cerr << loaded.error().detail << "\n";
        return int{configuration};
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

  void add_demo() {
    auto& demo = *app_.add_subcommand(
        "demo", "Open IMs with 1,000 actors against a running tutti-pod and show what it saw");
    demo.add_option("--config", demo_path_, "the bot's configuration")
        ->required()
        ->type_name("FILE");
    demo.callback([this] { act_ = [this] { return run_demo(demo_path_); }; });
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
  std::int64_t timeout_ = 30'000;
  common_options doctor_;
  keys_options keys_;
  std::string shell_;
  std::string demo_path_;
  std::string checked_path_;
};

} // namespace

int run(int argc, char** argv) {
  return command_line{}.run(argc, argv);
}

} // namespace tutti::command
