// The journal of a bot at a desk: in memory, kept over restarts, and deaf when the test wants it.
#pragma once

#include <tutti/store.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::testing {

class desk_journal final : public event_store {
public:
  /// At the `count`th write from now on, `die` is called, which is to end the bot; `kept`: after
  /// the write, of which the bot does not hear.
  void plan_death(int count, bool kept, std::function<void()> die) {
    count_ = count;
    kept_ = kept;
    die_ = std::move(die);
  }

  void open(std::string holder, done<journal_contents> answer) override {
    behind_->open(std::move(holder), std::move(answer));
  }
  void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
              done<append_outcome> answer) override {
    behind_->append(lease, std::move(at), std::move(events), std::move(answer));
  }
  void fetch(std::uint64_t after, std::size_t limit,
             done<std::vector<stored_event>> answer) override {
    behind_->fetch(after, limit, std::move(answer));
  }
  void end(const store_lease& lease, std::vector<event_end> ended,
           std::chrono::system_clock::time_point now, done<void> answer) override {
    if (!dies())
      return behind_->end(lease, std::move(ended), now, std::move(answer));
    if (kept_)
      behind_->end(lease, std::move(ended), now, [](const result<void>&) {});
    std::exchange(die_, nullptr)();
  }
  void state_of(std::string scope,
                done<std::vector<std::pair<std::string, std::string>>> answer) override {
    behind_->state_of(std::move(scope), std::move(answer));
  }
  void fire_timers(const store_lease& lease, std::chrono::system_clock::time_point by,
                   std::size_t limit, done<timers_fired> answer) override {
    behind_->fire_timers(lease, by, limit, std::move(answer));
  }
  void dead_letters(std::size_t limit, done<std::vector<dead_letter>> answer) override {
    behind_->dead_letters(limit, std::move(answer));
  }
  void prune(std::chrono::system_clock::time_point now, done<std::size_t> answer) override {
    behind_->prune(now, std::move(answer));
  }
  bool durable() const noexcept override { return true; }

private:
  bool dies() { return die_ && --count_ == 0; }

  std::shared_ptr<event_store> behind_ = make_memory_store({}, true);
  int count_ = 0;
  bool kept_ = false;
  std::function<void()> die_;
};

} // namespace tutti::testing
