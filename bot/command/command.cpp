// Reads the command line of `tutti` and runs one of its verbs.
#include <bot/command/command.hpp>

#include <bot/command/demo.hpp>

#include <tutti/config_file.hpp>
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

  auto& about_config = *app.add_subcommand("config", "What a configuration may hold");
  about_config.require_subcommand(1);
  auto& reference = *about_config.add_subcommand("reference", "Print every key with its default");
  about_config.add_subcommand("schema", "Print the JSON schema for editors");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  try {
    if (about_config) {
      std::cout << (reference ? config_file::reference() : config_file::schema());
      return 0;
    }
    return run_demo(config_path);
  } catch (const std::exception& error) {
    std::cerr << "tutti: " << error.what() << "\n";
    return 70;
  }
}

} // namespace tutti::command
