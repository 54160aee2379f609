// The core of a bot that hears, under virtual time: the test is the agent, the handler and the
// disk.
#pragma once

#include <testing/forwarding_store.hpp>
#include <tests/support/core_fixture.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace tutti::testing {

/// Keeps what it is handed until the test ends it.
class scripted_listener final : public event_listener {
public:
  struct handed {
    std::shared_ptr<const event> what;
    std::function<void(handling)> done;
  };

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override {
    ++count;
    if (at_once)
      return done({});
    all.push_back({std::move(what), std::move(done)});
  }
  void given_up(std::shared_ptr<const event> what, const failure& why) override {
    lost.emplace_back(what->message_id, why.detail);
  }
  std::vector<stored_timer> standing_timers(std::chrono::system_clock::time_point now) override {
    return standing ? standing(now) : std::vector<stored_timer>{};
  }

  std::deque<handed> all;
  std::size_t count = 0;
  /// Ends each as it comes.
  bool at_once = false;
  std::vector<std::pair<std::string, std::string>> lost;
  std::function<std::vector<stored_timer>(std::chrono::system_clock::time_point)> standing;
};

/// A journal in memory that may refuse to write, and may be durable.
class scripted_store final : public forwarding_store {
public:
  scripted_store() : forwarding_store(make_memory_store()) {}

  void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
              done<append_outcome> answer) override {
    ++appends;
    if (full)
      return answer(failure{errc::unreachable, "the disk is full", 0, "journal"});
    forwarding_store::append(lease, std::move(at), std::move(events), std::move(answer));
  }
  void end(const store_lease& lease, std::vector<event_end> ended,
           std::chrono::system_clock::time_point now, done<void> answer) override {
    if (full)
      return answer(failure{errc::unreachable, "the disk is full", 0, "journal"});
    forwarding_store::end(lease, std::move(ended), now, std::move(answer));
  }
  void fire_timers(const store_lease& lease, std::chrono::system_clock::time_point by,
                   std::size_t limit, done<timers_fired> answer) override {
    if (full)
      return answer(failure{errc::unreachable, "the disk is full", 0, "journal"});
    if (slow)
      answer = [this, answer = std::move(answer)](result<timers_fired> fired) {
        late_.push_back([answer, fired = std::move(fired)] { answer(fired); });
      };
    forwarding_store::fire_timers(lease, by, limit, std::move(answer));
  }
  /// Timers are fired now and answered for later.
  bool slow = false;
  void answer_slow() {
    for (auto& each : std::exchange(late_, {}))
      each();
  }
  bool durable() const noexcept override { return is_durable; }

  std::vector<std::function<void()>> late_;
  bool full = false;
  bool is_durable = true;
  int appends = 0;
};

class hearing_fixture : public core_fixture {
public:
  static constexpr auto feeds_path = "/agent/v5/datafeeds";
  static constexpr auto read_path = "/agent/v5/datafeeds/x_f/read";

  hearing_fixture() {
    settings.bot.username = "bot";
    listener = hears;
    journal = disk;
  }

  /// Up to the first read.
  void listen() {
    start();
    http.answer(feeds_path, 200, R"([{"id":"x_f"}])");
  }

  static std::string message(const std::string& id, const std::string& stream = "s1",
                             int at = 1'000, int from = 99) {
    return R"({"type":"MESSAGESENT","messageId":")" + id + R"(","timestamp":)" +
           std::to_string(at) + R"(,"initiator":{"user":{"userId":)" + std::to_string(from) +
           R"(}},"payload":{"messageSent":{"message":{"messageId":")" + id +
           R"(","message":"<div data-format=\"PresentationML\" data-version=\"2.0\">)" + id +
           R"(</div>","stream":{"streamId":")" + stream + R"("}}}}})";
  }

  /// The agent hands out these events.
  void hand_out(const std::vector<std::string>& events, const std::string& ack) {
    std::string body = R"({"events":[)";
    for (const auto& each : events)
      body += (&each == &events.front() ? "" : ",") + each;
    http.answer(read_path, 200, body + R"(],"ackId":")" + ack + R"("})");
  }

  /// Time goes by, in steps: what is due sets further timers.
  void pass(std::chrono::milliseconds time) {
    using namespace std::chrono_literals;
    for (auto gone = 0ms; gone < time + 20ms; gone += 20ms)
      sys.advance(20ms);
  }

  /// The core ends as that of a killed process, and the next one begins.
  void restart() {
    each_core_member_top_down([&](const char* name, auto member) {
      if (name != std::string{"http"})
        sys.kill(handles.*member);
    });
    handles = {};
    hears->all.clear();
    start();
  }

  /// What the read that is waiting acknowledges; `none` when none waits.
  std::string acknowledged() const {
    try {
      return http.waiting(read_path).request.body;
    } catch (const std::runtime_error&) {
      return "none";
    }
  }
  static std::string acks(const std::string& id) { return R"({"ackId":")" + id + R"("})"; }

  /// The ids of what has been handed to the handler and has not ended.
  std::vector<std::string> with_handlers() const {
    std::vector<std::string> ids;
    for (const auto& each : hears->all)
      ids.push_back(each.what->message_id);
    return ids;
  }

  /// The handler of that message ends.
  void ends(const std::string& id, handling how = {}) {
    auto found = std::find_if(hears->all.begin(), hears->all.end(),
                              [&](const auto& each) { return each.what->message_id == id; });
    if (found == hears->all.end())
      throw std::runtime_error{id + " is with no handler"};
    auto done = std::move(found->done);
    hears->all.erase(found);
    done(std::move(how));
    sys.run();
  }
  void fails(const std::string& id) {
    ends(id, handling{failure{errc::internal, "it threw", 0, {}}});
  }

  std::shared_ptr<scripted_listener> hears = std::make_shared<scripted_listener>();
  std::shared_ptr<scripted_store> disk = std::make_shared<scripted_store>();
};

} // namespace tutti::testing
