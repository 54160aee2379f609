// A store in front of another one, for tests that change some of what it does.
#pragma once

#include <tutti/store.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::testing {

class forwarding_store : public event_store {
public:
  explicit forwarding_store(std::shared_ptr<event_store> behind) : behind_(std::move(behind)) {}

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
    behind_->end(lease, std::move(ended), now, std::move(answer));
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
  bool durable() const noexcept override { return behind_->durable(); }

private:
  std::shared_ptr<event_store> behind_;
};

} // namespace tutti::testing
