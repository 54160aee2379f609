// Reads the command line of `tutti` and runs one of its verbs.
#include <bot/command/command.hpp>

#include <bot/command/demo.hpp>

#include <tutti/version.hpp>

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace tutti::command {

int run(int argc, char** argv) {
  CLI::App app{"Symphony bots as CAF actors."};
  app.set_version_flag("--version", "tutti " TUTTI_VERSION);
  app.require_subcommand(1);

  auto& demo = *app.add_subcommand(
      "demo", "Open IMs with 1,000 actors against a running tutti-pod and show what it saw");
  std::string config_path;
  demo.add_option("--config", config_path, "the bot's configuration (YAML)")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  try {
    return run_demo(config_path);
  } catch (const std::exception& error) {
    std::cerr << "tutti: " << error.what() << "\n";
    return 70;
  }
}

} // namespace tutti::command
