// Whatever is asked of the pod on the desk, it answers as a pod does.
#include <emulator/control/control.hpp>
#include <tests/fuzz/fuzz.hpp>

#include <simdjson.h>

namespace {

using namespace tutti;
using fuzz::must;

struct pod_under_test {
  emulator::control all;
  std::vector<emulator::route> routes = emulator::pod_routes();
  std::string session;
  emulator::uid bot = 0;

  pod_under_test() {
    auto& state = *all.state;
    state.users.add(emulator::company{100, "Bank", {200}});
    state.users.add(emulator::company{200, "Broker", {100}});
    emulator::user caller;
    caller.company = 100;
    caller.username = "bot";
    caller.service_account = true;
    caller.roles = {"USER_PROVISIONING"};
    caller.features = {{"isExternalIMEnabled", true}};
    bot = state.users.add(caller);
    for (auto company : {100, 200}) {
      emulator::user other;
      other.company = company;
      other.username = "user" + std::to_string(company);
      other.email = other.username + "@bank.example";
      state.users.add(other);
    }
    session = state.sessions.open(bot, emulator::time_point{});
  }
};

void check(const emulator::reply& made) {
  must(made.status >= 200 && made.status < 500, "the pod does not fail");
  must(made.status == 200 || made.status == 204 || made.status >= 400, "a status of the API");
  if (made.body.empty())
    return;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  must(parser.parse(made.body).get(document) == simdjson::SUCCESS, "an answer is JSON");
  if (made.status < 400)
    return;
  std::int64_t code = 0;
  must(document["code"].get(code) == simdjson::SUCCESS && code == made.status,
       "an error names its status");
}

} // namespace

// `M <target>\n<body>`: M chooses the method, the session and the clock.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  pod_under_test pod;
  auto kind = input.byte();
  if (kind == 'F') {
    emulator::faults faults;
    if (!faults.set(std::string{input.rest()}).empty())
      return 0;
    for (int i = 0; i < 20; ++i)
      (void)faults.next("/pod/v1/im/create");
    return 0;
  }
  // Several requests to one pod.
  for (int i = 0; i < 8 && !input.rest().empty(); ++i) {
    auto choice = i == 0 ? kind : input.byte();
    auto target = input.until('\n');
    auto body = input.until('\0');
    auto now = emulator::time_point{} + std::chrono::hours{(choice & 4) != 0 ? 2 : 0};
    auto method = std::string_view{(choice & 1) != 0 ? "POST" : "GET"};
    if (target.starts_with("/emulator/")) {
      check(pod.all.own(method, target, std::string{body}));
      (void)pod.all.now();
      continue;
    }
    pod.all.seen.push_back(
        {std::string{method}, std::string{target}, "", "", "", "", "", "", std::string{body}, 200});
    auto session = (choice & 2) != 0 ? std::string_view{"stranger"} : pod.session;
    check(emulator::answer_to(*pod.all.state, pod.routes, {method, target, session, body}, now));
  }
  return 0;
}
