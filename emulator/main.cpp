// tutti-pod: runs a pod on your desk until a signal stops it.
#include <emulator/emulator.hpp>
#include <emulator/files.hpp>
#include <emulator/new_bot.hpp>
#include <emulator/seed.hpp>

#include <tutti/version.hpp>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <signal.h>

#include <exception>
#include <filesystem>
#include <iostream>

namespace {

using namespace tutti::emulator;

struct serve_arguments {
  std::string seed;
  std::string keys;
  std::uint16_t port = 0;
  int delay = -1;
  std::vector<std::string> tls;
  std::string client_authority;
};

std::optional<certificate> choose_certificate(const serve_arguments& given) {
  if (given.tls.empty())
    return std::nullopt;
  if (given.tls.size() == 2)
    return load_certificate(given.tls[0], given.tls[1]);
  if (given.tls[0] != "self")
    throw std::runtime_error{"--tls takes a certificate and its key (PEM files), or the word self"};
  return make_certificate({"localhost", "127.0.0.1"});
}

/// Leaves the authority of `--tls self` where clients find it; answers its path.
std::string leave_authority(const std::string& pem, const std::string& folder) {
  namespace fs = std::filesystem;
  auto place = fs::path{folder.empty() ? "." : folder};
  fs::create_directories(place);
  auto path = fs::absolute(place / "tutti-pod-ca.pem").lexically_normal().string();
  write_text(path, pem);
  return path;
}

/// Writes certificates of that authority, beside the keys, for all bots and apps: they can log in
/// by certificate.
void leave_client_certificates(const pod& state, const certificate& of, const std::string& folder) {
  auto leave = [&](const std::string& name) {
    write_secret((std::filesystem::path{folder} / (name + "-certificate.pem")).string(),
                 make_client_certificate(of, name));
  };
  for (const auto& [id, each] : state.users.all())
    if (each.service_account)
      leave(each.username);
  for (const auto& [id, each] : state.apps.all())
    leave(id);
}

int serve(const serve_arguments& given) {
  // Before any thread starts: they inherit it, and the signal waits for sigwait.
  ::signal(SIGPIPE, SIG_IGN); // A reader of our output that goes away ends nothing.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  auto start = load_seed(given.seed);
  server_options options;
  options.port = given.port;
  options.service_times = start.service_times;
  options.faults = start.faults;
  if (given.delay >= 0)
    options.service_times = {{"default", std::chrono::milliseconds{given.delay}}};
  options.tls = choose_certificate(given);
  if (!given.client_authority.empty())
    options.client_authority = read_file(given.client_authority);
  auto scheme = options.tls ? "https" : "http";
  server serving{make_pod(start), options};
  // Only now, with the port ours: another pod may be using the folder.
  std::string authority;
  if (options.tls && !options.tls->authority.empty())
    authority = leave_authority(options.tls->authority, given.keys);
  serving.with_pod([&](pod& state) {
    if (!given.keys.empty())
      make_missing_keys(state, given.keys);
    if (!given.keys.empty() && options.tls && !options.tls->authority_key.empty())
      leave_client_certificates(state, *options.tls, given.keys);
    for (const auto& name : without_key(state))
      std::cerr << "tutti-pod: " << name
                << " has no public key and cannot log in; give the seed one "
                << "or let --keys make it\n";
  });
  boost::json::object where{
      {"address", std::string{scheme} + "://127.0.0.1:" + std::to_string(serving.port())},
      {"port", serving.port()}};
  if (!authority.empty())
    where["ca"] = authority;
  std::cout << boost::json::serialize(where) << std::endl;
  int which = 0;
  sigwait(&ends, &which);
  return 0;
}

constexpr const char* examples = R"(Examples:
  tutti-pod --seed pod.yaml --port 8080 --keys keys
  tutti-pod --seed pod.yaml --tls self --keys keys     (its authority: keys/tutti-pod-ca.pem)
  tutti-pod keys my-bot --seed pod.yaml --port 8080    (a bot more in pod.yaml, and its my-bot.yaml))";

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"A Symphony pod on your desk. Prints its address as one line of JSON and serves on "
               "127.0.0.1 until SIGINT or SIGTERM.",
               "tutti-pod"};
  app.set_version_flag("--version", "tutti-pod " TUTTI_VERSION);
  app.set_help_all_flag("--help-all", "Print this help message and that of every command");
  serve_arguments given;
  app.add_option("--seed", given.seed, "YAML: pods, users, connections");
  app.add_option("--port", given.port, "TCP port; 0: a free one")->capture_default_str();
  app.add_option("--keys", given.keys,
                 "folder for the private keys of bots that have no public key in the seed");
  app.add_option("--delay", given.delay, "milliseconds every answer takes, in place of the seed's")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--tls", given.tls,
                 "serve TLS: CERT KEY (PEM files), or self to make both and the authority "
                 "tutti-pod-ca.pem in the folder of --keys")
      ->expected(1, 2);
  app.add_option("--client-ca", given.client_authority,
                 "authority (PEM) of client certificates; with --tls self the pod's own, which "
                 "also makes NAME-certificate.pem for each bot and app in the folder of --keys");
  auto& keys = *app.add_subcommand(
      "keys", "Add a bot to a seed: makes its key pair and the configuration that goes with it");
  new_bot made;
  keys.add_option("NAME", made.name, "username of the bot")->required();
  keys.add_option("--seed", made.seed, "seed to add the bot to; made when it is not there")
      ->required();
  keys.add_option("--port", made.port, "port the pod will have, for the configuration")
      ->capture_default_str();
  keys.add_option("--folder", made.folder, "where NAME.pem, NAME.pub.pem and NAME.yaml go")
      ->capture_default_str();
  app.footer(examples); // Last: the verb would inherit it.
  try {
    app.parse(argc, argv);
    if (!keys && given.seed.empty())
      throw CLI::RequiredError{"--seed"};
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  try {
    if (keys) {
      std::cout << add_bot(made);
      return 0;
    }
    return serve(given);
  } catch (const std::exception& error) {
    std::cerr << "tutti-pod: " << error.what() << "\n";
    return 1;
  }
}
