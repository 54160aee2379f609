// tutti-demo: 1,000 conversations at once, three that are denied, and the 1,000 again; then 1,000
// people who talk with a bot that is killed. Shown, and checked against what a tutti-pod saw. Exits
// 0 when every IM was opened, the pod saw as few requests as promised and every line was answered
// once, 1 when not, 2 for wrong arguments, 78 for a configuration that cannot be worked with.
#include <bot/demo/desk_pod.hpp>
#include <bot/demo/talk.hpp>
#include <wire/endpoints.hpp>

#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace tutti::demo {

namespace {

constexpr std::size_t askers = 1'000;

/// What a conversation of the demo came to.
struct settled {
  std::size_t asker = 0;
  bool open = false;
  stream_id stream;
  im_origin origin = im_origin::pod;
  failure why;
};

} // namespace

} // namespace tutti::demo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::demo::settled)

namespace tutti::demo {

namespace {

/// Reports to the demo how its IM ended.
class demo_conversation final : public conversation {
public:
  demo_conversation(caf::actor_config& cfg, conversation_start start, std::size_t asker,
                    caf::actor audience)
      : conversation(cfg, std::move(start)), asker_(asker), audience_(std::move(audience)) {}

protected:
  void on_open(const im_created& opened) override {
    caf::anon_send(audience_, settled{asker_, true, opened.stream, opened.origin, {}});
    quit();
  }

  void on_refused(const failure& why) override {
    caf::anon_send(audience_, settled{asker_, false, {}, {}, why});
    quit();
  }

  void on_end() override { audience_ = nullptr; }

private:
  std::size_t asker_;
  caf::actor audience_;
};

/// How often the pod was asked, by method and route.
using counts = std::map<std::string, int>;

class show {
public:
  show(bot& running, desk_pod& pod) : bot_(running), pod_(pod), self_(running.system()) {}

  bool run() {
    read_users();
    newly_seen();
    // Each act builds on the one before.
    return first_round() && denials() && second_round();
  }

private:
  // -- the three acts -------------------------------------------------------------

  bool first_round() {
    auto began = std::chrono::steady_clock::now();
    auto heard = ask_all();
    if (std::none_of(heard.begin(), heard.end(), [](const auto& each) { return each.open; })) {
      fmt::print("none of {} IMs was opened: {}\n", heard.size(), to_string(heard.front().why));
      return false;
    }
    auto seen = newly_seen();
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print("{} actors asked at once for IMs with {} users, in every spelling ({:.2f} s)\n\n",
               heard.size(), friends_.size(), took.count());
    fmt::print("  {:<10} {:<16} {:<36} {:>6}\n", "USER", "ID", "STREAM", "ASKERS");
    bool good = true;
    for (std::size_t i = 0; i < friends_.size(); ++i) {
      std::set<stream_id> streams;
      int opened = 0;
      for (const auto& each : heard)
        if (each.asker % friends_.size() == i && each.open) {
          streams.insert(each.stream);
          ++opened;
        }
      auto right = streams.size() == 1 && opened == static_cast<int>(askers / friends_.size());
      good = good && right;
      fmt::print("  {:<10} {:<16} {:<36} {:>6}{}\n",
                 friends_[i] + (friends_[i] == "xenia" ? " (ext)" : ""), id_of(friends_[i]).value(),
                 streams.empty() ? "-" : streams.begin()->text(), opened,
                 right ? "" : "   <-- promised: one stream, 100 askers");
    }
    for (const auto& each : heard)
      if (!each.open) {
        fmt::print("  refused: {}\n", to_string(each.why));
        break;
      }
    fmt::print("\nwhat the pod saw\n\n");
    const auto login = asked("POST", wire::login_path);
    const auto caller = asked("GET", wire::session_info_path);
    const auto connections = asked("GET", wire::connections_path);
    const auto users = asked("GET", wire::users_path);
    const auto features = asked("GET", wire::features_path);
    const auto create = asked("POST", wire::create_im_path);
    good = row(seen, "login", login, 1, 1) && good;
    good = row(seen, "sessioninfo", caller, 1, 1) && good;
    good = row(seen, "connection look-ups", connections, 0, 2) && good;
    good = row(seen, "user look-ups", users, 0, 2) && good;
    good = row(seen, "features", features, 0, 2) && good;
    good = row(seen, "create", create, 10, 10) && good;
    good = others(seen, {login, caller, connections, users, features, create}) && good;
    return good;
  }

  bool denials() {
    fmt::print("\nthree who are denied\n\n");
    bool good = denied("zoe, not connected", id_of("zoe"), errc::not_connected);
    good = denied("nobody", *user_id::make(4'711), errc::unknown_user) && good;
    call(wire::update_feature(id_of("demo-bot"), wire::external_im_feature, false));
    good = denied("yann, connected, after isExternalIMEnabled was switched off", id_of("yann"),
                  errc::not_entitled) &&
           good;
    // Switched on again: the next demo, or a user of a pod that keeps running, finds it unchanged.
    auto seen = newly_seen();
    call(wire::update_feature(id_of("demo-bot"), wire::external_im_feature, true));
    good = row(seen, "create", asked("POST", wire::create_im_path), 0, 0) && good;
    newly_seen();
    return good;
  }

  bool second_round() {
    auto heard = ask_all();
    auto seen = newly_seen();
    std::size_t opened = 0;
    for (const auto& each : heard)
      opened += each.open ? 1U : 0U;
    auto good = opened == askers && total(seen) == 0;
    fmt::print("\nthe {} again: {} opened, requests: {}{}\n", askers, opened, total(seen),
               good ? "" : fmt::format("   <-- promised: {} opened, requests: 0", askers));
    return good;
  }

  // -- asking ---------------------------------------------------------------------

  std::vector<settled> ask_all() {
    for (std::size_t i = 0; i < askers; ++i)
      bot_.converse<demo_conversation>({.participants = spelling(i)}, i, caf::actor{self_});
    return hear(askers);
  }

  /// One set of participants, spelt differently by each asker.
  std::vector<user_id> spelling(std::size_t asker) const {
    auto other = id_of(friends_[asker % friends_.size()]);
    auto own = id_of("demo-bot");
    switch (asker / friends_.size() % 5) {
    case 0:
      return {other};
    case 1:
      return {other, other};
    case 2:
      return {own, other};
    case 3:
      return {other, own};
    default:
      return {own, other, own, other, other};
    }
  }

  bool denied(const char* who, user_id whom, errc expected) {
    bot_.converse<demo_conversation>({.participants = {whom}}, 0, caf::actor{self_});
    auto heard = hear(1).front();
    auto right = !heard.open && heard.why.error == expected;
    fmt::print("  {}\n    {}{}\n", who, heard.open ? "OPENED" : to_string(heard.why),
               right ? "" : "   <-- expected " + std::string{to_string(expected)});
    return right;
  }

  std::vector<settled> hear(std::size_t count) {
    std::vector<settled> heard;
    while (heard.size() < count) // Every asker hears something, by its deadline at the latest.
      self_->receive([&](settled& one) { heard.push_back(std::move(one)); });
    return heard;
  }

  // -- the emulator's own routes ----------------------------------------------------

  http_response call(http_request request) { return pod_.call(std::move(request)); }

  template <class Member>
  void each_member(const http_response& answer, const char* object, Member&& member) {
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(answer.body);
    simdjson::dom::object rows = *object ? root[object] : root;
    for (auto row : rows)
      member(std::string{row.key}, std::int64_t{row.value});
  }

  void read_users() {
    each_member(pod_.get("/emulator/users"), "", [&](const std::string& name, std::int64_t id) {
      users_[name] = *user_id::make(id);
    });
  }

  /// What the pod has seen since this was last asked.
  counts newly_seen() {
    counts seen;
    each_member(
        pod_.get("/emulator/requests"), "paths",
        [&](const std::string& path, std::int64_t count) { seen[path] = static_cast<int>(count); });
    auto fresh = seen;
    for (const auto& [path, count] : seen_)
      fresh[path] -= count;
    std::erase_if(fresh, [](const auto& row) { return row.second == 0; });
    seen_ = std::move(seen);
    return fresh;
  }

  /// A route as the emulator counts it.
  static std::string asked(std::string_view method, std::string_view path) {
    return fmt::format("{} {}", method, path);
  }

  // -- telling ----------------------------------------------------------------------

  static bool row(const counts& seen, std::string_view what, const std::string& path, int least,
                  int most) {
    auto found = seen.find(path);
    auto count = found == seen.end() ? 0 : found->second;
    auto right = count >= least && count <= most;
    fmt::print("  {:<20} {:<42} {:>4}{}\n", what, path, count,
               right ? "" : fmt::format("   <-- promised: {} to {}", least, most));
    return right;
  }

  /// Prints the requests that were not promised; true when there are none.
  static bool others(const counts& seen, const std::set<std::string>& promised) {
    bool none = true;
    for (const auto& [path, count] : seen)
      if (!promised.contains(path)) {
        fmt::print("  {:<20} {:<42} {:>4}   <-- not promised\n", "other", path, count);
        none = false;
      }
    return none;
  }

  static int total(const counts& seen) {
    int sum = 0;
    for (const auto& [path, count] : seen)
      sum += count;
    return sum;
  }

  user_id id_of(const std::string& name) const {
    auto found = users_.find(name);
    if (found == users_.end())
      throw std::runtime_error{"the pod has no user '" + name +
                               "': start it with config/demo-pod.yaml"};
    return found->second;
  }

  bot& bot_;
  desk_pod& pod_;
  caf::scoped_actor self_;
  std::map<std::string, user_id> users_;
  counts seen_;
  std::vector<std::string> friends_{"ada", "ben", "cleo", "dan", "eve",
                                    "fay", "gil", "hal",  "ida", "xenia"};
};

int run(const std::string& config_path) {
  auto settings = config_file::load(config_path);
  if (!settings) {
    std::cerr << "tutti-demo: " << settings.error().detail << "\n";
    return 78;
  }
  settings->plugins.clear();
  settings->life.start = start_policy::wait;
  settings->life.probe_interval = std::chrono::milliseconds{0}; // The pod's requests are counted.
  settings->life.stop_grace = std::chrono::milliseconds{0};
  settings->retry.unreachable_for = std::chrono::seconds{5};
  bot running{std::move(*settings)};
  if (auto started = running.start(); !started) {
    std::cerr << "tutti-demo: " << started.error().detail << "\n";
    return 78;
  }
  try {
    desk_pod pod{running};
    const bool good = show{running, pod}.run() && talk(pod, config_path);
    std::cout << (good ? "\nAll as promised.\n"
                       : "\nNOT as promised; the lines above say where.\n");
    return good ? 0 : 1;
  } catch (const std::runtime_error& error) {
    std::cerr << "tutti-demo: " << error.what() << "\n";
    return 1;
  }
}

} // namespace

} // namespace tutti::demo

int main(int argc, char** argv) {
  if (argc == 5 && argv[1] == std::string_view{"--answer"}) // Of the demo itself.
    return tutti::demo::answer_people(argv[2], argv[3], argv[4]);
  if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
    std::cerr << "usage: tutti-demo [CONFIG], by default config/demo.yaml\n";
    return 2;
  }
  return tutti::demo::run(argc == 2 ? argv[1] : "config/demo.yaml");
}
