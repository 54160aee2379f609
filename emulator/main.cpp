// tutti-pod: a pod on your desk, until it is told to stop.
#include <emulator/emulator.hpp>
#include <emulator/seed.hpp>

#include <CLI/CLI.hpp>
#include <signal.h>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  using namespace tutti::emulator;

  // Before any thread starts: they inherit it, and the signal waits for sigwait.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  CLI::App app{"A Symphony pod on your desk. Prints its address as one line of JSON and serves on "
               "127.0.0.1 until SIGINT or SIGTERM."};
  std::string seed_path;
  std::string keys;
  server_options options;
  int delay = -1;
  app.add_option("--seed", seed_path, "YAML: pods, users, connections")->required();
  app.add_option("--port", options.port, "TCP port; 0: a free one")->capture_default_str();
  app.add_option("--keys", keys,
                 "folder for the private keys of bots that have no public key in the seed");
  app.add_option("--delay", delay, "milliseconds every answer takes, in place of the seed's")
      ->check(CLI::NonNegativeNumber);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }

  try {
    auto start = load_seed(seed_path);
    options.service_times = start.service_times;
    if (delay >= 0)
      options.service_times = {{"default", std::chrono::milliseconds{delay}}};
    server serving{make_pod(start), options};
    // Only now, with the port ours: another pod may be using the folder.
    serving.with_pod([&](pod& state) {
      if (!keys.empty())
        make_missing_keys(state, keys);
      for (const auto& name : without_key(state))
        std::cerr << "tutti-pod: " << name
                  << " has no public key and cannot log in; give the seed one "
                  << "or let --keys make it\n";
    });
    std::cout << "{\"address\":\"http://127.0.0.1:" << serving.port()
              << "\",\"port\":" << serving.port() << "}" << std::endl;
    int which = 0;
    sigwait(&ends, &which);
  } catch (const std::exception& error) {
    std::cerr << "tutti-pod: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
