// A journal that survives the process, at the mercy of chance; it remembers what it has answered
// for.
#pragma once

#include <testing/forwarding_store.hpp>
#include <tests/simulation/kit/chance.hpp>
#include <tests/simulation/kit/event_queue.hpp>

#include <tutti/store.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::simulation {

class hostile_store final : public testing::forwarding_store {
public:
  hostile_store(chance& luck, event_queue& events, std::function<event_queue::time_point()> clock)
      : forwarding_store(make_memory_store({}, true)), luck_(luck), events_(events),
        clock_(std::move(clock)) {}

  /// Percent of operations that fail from now on.
  void set_trouble(std::size_t percent) { trouble_ = percent; }

  /// Whether an event with that message is kept; whether its end is.
  bool has(const std::string& message) const { return kept_.contains(message); }
  /// Whether it knows which feed is read.
  bool has_feed() const { return has_feed_; }
  bool has_ended(const std::string& message) const { return ended_.contains(message); }

  void open(std::string holder, done<journal_contents> answer) override {
    forwarding_store::open(std::move(holder), later(std::move(answer)));
  }

  void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
              done<append_outcome> answer) override {
    if (fails())
      return later(std::move(answer))(broken());
    forwarding_store::append(
        lease, std::move(at), std::move(events),
        [this, answer = later(std::move(answer))](result<append_outcome> outcome) {
          if (outcome) {
            has_feed_ = true;
            for (const auto& each : outcome->fresh) {
              names_[each.number] = message_of(each.what.key);
              kept_.insert(names_[each.number]);
            }
          }
          answer(std::move(outcome));
        });
  }

  void fetch(std::uint64_t after, std::size_t limit,
             done<std::vector<stored_event>> answer) override {
    if (fails())
      return later(std::move(answer))(broken());
    forwarding_store::fetch(after, limit, later(std::move(answer)));
  }

  void end(const store_lease& lease, std::vector<event_end> ended,
           std::chrono::system_clock::time_point now, done<void> answer) override {
    if (fails())
      return later(std::move(answer))(broken());
    std::vector<std::string> messages;
    for (const auto& each : ended)
      messages.push_back(names_[each.number]);
    forwarding_store::end(
        lease, std::move(ended), now,
        [this, messages, answer = later(std::move(answer))](const result<void>& outcome) {
          if (outcome)
            ended_.insert(messages.begin(), messages.end());
          answer(outcome);
        });
  }

private:
  static failure broken() { return {errc::unreachable, "the disk is full", 0, "journal"}; }

  bool fails() { return luck_.percent(trouble_); }

  /// What was written is answered for some time after; the process may have ended by then.
  template <class T>
  done<T> later(done<T> answer) {
    auto shared = std::make_shared<done<T>>(std::move(answer));
    return [this, shared](result<T> outcome) {
      auto kept = std::make_shared<result<T>>(std::move(outcome));
      using namespace std::chrono_literals;
      events_.at(clock_() + luck_.up_to(20ms), [shared, kept] { (*shared)(std::move(*kept)); });
    };
  }

  /// Of a key, which begins with the type of the event.
  static std::string message_of(const std::string& key) {
    const auto first = key.find(' ');
    return first == key.npos ? key : key.substr(first + 1);
  }

  chance& luck_;
  event_queue& events_;
  std::function<event_queue::time_point()> clock_;
  std::size_t trouble_ = 0;
  bool has_feed_ = false;
  std::set<std::string> kept_;
  std::set<std::string> ended_;
  std::map<std::uint64_t, std::string> names_;
};

} // namespace tutti::simulation
