// Asks under a fault, looks at both sides, and asks again without it.
#include <tests/reliability/trial.hpp>

#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <algorithm>
#include <set>
#include <thread>

namespace tutti::testing {

namespace {

using namespace std::chrono_literals;

/// How long each asker waits.
constexpr auto deadline = 3s;
/// Nothing may take longer than this; far above what a slow machine needs.
constexpr auto never = 60s;

std::string path_of(place where) {
  return where == place::create ? "/pod/v1/im/create" : "/login/pubkey/authenticate";
}

class trial {
public:
  trial(const circumstances& how, const emulator::certificate& shown)
      : how_(how),
        pod_(how.tls ? emulator::server_options{.tls = shown} : emulator::server_options{}),
        running_(settings(shown)) {
    running_.start().value();
  }

  trial_result run(const fault& what) {
    if (how_.warm) {
      must(opens("ben"), "the warm-up fails");
      if (how_.where == place::login)
        pod_.serving.with_pod([](emulator::pod& state) { state.sessions.expire_all(); });
    }
    pod_.serving.clear_requests();
    pod_.serving.set_clock_ahead(what.clock_ahead);
    // A count in the members goes before one behind them.
    pod_.serving.set_faults("[{\"path\": \"" + path_of(how_.where) +
                            (how_.always ? "\", " : "\", \"count\": 1, ") + what.members + "}]");
    auto flights = running_.metrics().flights;
    auto answers = ask(how_.many ? 8 : 1);
    auto seen = answers + ", " + requests();
    must(running_.metrics().flights - flights <= 1, "more than one request for the IM went out");
    pod_.serving.set_faults("[]");
    pod_.serving.set_clock_ahead({});
    must(what.lasting || recovers(), "the bot does not recover");
    // What was taken back at the deadline may be on its way out still.
    for (auto end = std::chrono::steady_clock::now() + 5s;
         requests_left() && std::chrono::steady_clock::now() < end;)
      std::this_thread::sleep_for(1ms);
    auto after = running_.metrics();
    must(after.waiting == 0 && after.flights_under_way == 0, "a flight is left");
    must(!requests_left(), "a request is left");
    for (const auto& [route, count] : pod_.serving.request_counts())
      must(!route.ends_with("/elsewhere"), "a redirect was followed");
    // One that serves, and one that a login took while that was busy.
    must(pod_.serving.wait_for_connections(2, never), "a connection is left while the bot runs");
    running_.stop();
    must(pod_.serving.wait_for_connections(0, never), "a connection is left after the end");
    return {std::move(seen), std::move(broken_)};
  }

private:
  config settings(const emulator::certificate& shown) {
    auto made = pod_.bot_config();
    if (how_.tls) {
      made.hosts.fill({"https", "127.0.0.1", pod_.serving.port(), ""});
      made.tls.trust_store_content = shown.authority;
    }
    made.retry.max_attempts = 3;
    made.retry.initial_interval = 5ms;
    made.retry.max_interval = 20ms;
    made.http.max_body = 65'536;
    for (auto& host : made.hosts)
      host.read_timeout = 2s;
    return made;
  }

  /// What all askers got: one answer, or what must not be.
  std::string ask(int askers) {
    std::vector<pending<im_created>> waiting;
    // The pod answers no request until all are there.
    pod_.serving.with_pod([&](emulator::pod&) {
      for (int i = 0; i < askers; ++i)
        waiting.push_back(
            running_.ask(create_im{.participants = {pod_.id("ada")}, .timeout = deadline}));
      for (auto end = std::chrono::steady_clock::now() + never;
           running_.metrics().waiting < waiting.size() && std::chrono::steady_clock::now() < end;)
        std::this_thread::sleep_for(1ms);
    });
    std::set<std::string> answers;
    int from_pod = 0;
    for (auto& each : waiting) {
      if (!each.wait_for(never)) {
        must(false, "an asker waits for ever");
        continue;
      }
      auto got = each.get();
      from_pod += got && got->origin == im_origin::pod;
      seen_deadline_ = seen_deadline_ || (!got && got.error().error == errc::deadline_exceeded);
      answers.insert(got ? "opened" : words(got.error()));
    }
    must(answers.size() == 1, "askers of one IM get different answers");
    must(!answers.contains("opened") || from_pod == 1, "more than one asker's request went out");
    std::string all;
    for (const auto& each : answers)
      all += (all.empty() ? "" : " or ") + each;
    return all;
  }

  static std::string words(const failure& why) {
    auto text = "`" + std::string{to_string(why.error)} + "`";
    return why.code.empty() ? text : text + " (" + why.code + ")";
  }

  /// Requests the fault could meet. How often there is time for is chance.
  std::string requests() {
    auto seen = pod_.serving.request_counts()["POST " + path_of(how_.where)];
    if (seen_deadline_ && seen > 1)
      return "repeated until then";
    return std::to_string(seen) + (seen == 1 ? " request" : " requests");
  }

  bool requests_left() {
    auto now = running_.metrics();
    return std::any_of(now.hosts.begin(), now.hosts.end(),
                       [](const auto& host) { return host.in_flight != 0 || host.waiting != 0; });
  }

  /// A refused login is the answer for some seconds.
  bool recovers() {
    for (auto end = std::chrono::steady_clock::now() + never;;) {
      if (opens("cleo"))
        return true;
      if (std::chrono::steady_clock::now() > end)
        return false;
      (void)running_.after(500ms).get();
    }
  }

  bool opens(const std::string& name) {
    auto asked = running_.ask(create_im{.participants = {pod_.id(name)}, .timeout = 20s});
    return asked.wait_for(never) && asked.get();
  }

  void must(bool holds, const std::string& otherwise) {
    if (!holds && broken_.find(otherwise) == std::string::npos)
      broken_ += (broken_.empty() ? "" : "; ") + otherwise;
  }

  const circumstances how_;
  pod_fixture pod_;
  bot running_;
  bool seen_deadline_ = false;
  std::string broken_;
};

} // namespace

trial_result try_it(const fault& what, const circumstances& how,
                    const emulator::certificate& shown) {
  return trial{how, shown}.run(what);
}

} // namespace tutti::testing
