// tutti-bench: one measurement a run, printed as a line of JSON (see bench/run.py).
#include <bench/options.hpp>

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  using namespace tutti::bench;
  CLI::App app{"Measures Tutti; prints a line of JSON."};
  app.require_subcommand(1);
  options given;
  auto add = [&](const char* name, const char* help, void (*measure)(const options&)) {
    auto* command = app.add_subcommand(name, help);
    command->add_option("--key", given.key, "RSA key of the bot")->required();
    command->add_option("--port", given.port, "where the pod is");
    command->add_option("--tls", given.authority, "speak TLS, trusting this PEM file");
    command->add_option("--requests", given.requests, "how many");
    command->add_option("--users", given.users, "whom the requests go round in");
    command->add_option("--in-flight", given.in_flight, "requests on the wire");
    command->add_option("--waiting", given.waiting, "requests that wait beside those");
    command->add_option("--identities", given.identities, "in whose names they go, in turns");
    command->add_option("--per-second", given.per_second, "open loop: so many whatever happens");
    command->add_flag("--on-scheduler", given.on_scheduler, "the asker runs on CAF's scheduler");
    command->callback([&given, measure] { measure(given); });
  };
  add("caf-pair", "a request from one actor to another, and its answer", caf_pair);
  add("requests", "Create IM requests over sockets, each to the pod", requests);
  add("ask", "the same, asked by bot.ask from a host thread", asked_by_threads);
  add("count", "the same in memory, for callgrind", count);
  add("cold", "1,000 askers of one IM before the bot has logged in", cold_duplicates);
  add("warm", "1,000 askers of one IM after that, over and over", warm_duplicates);
  add("expired", "1,000 requests whose session has expired", expired_session);
  add("known", "an IM that is known, asked for by an actor", known_to_actor);
  add("find", "the same, looked up by a host thread", known_to_thread);
  add("identities", "Create IM requests in the names of many users", many_identities);
  add("memory-known", "bytes of each known IM", memory_of_known);
  add("memory-waiting", "bytes of each waiting request", memory_of_waiting);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
