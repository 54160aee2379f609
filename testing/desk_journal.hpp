// The journal of a bot at a desk: in memory, kept over restarts, and deaf when the test wants it.
#pragma once

#include <testing/forwarding_store.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace tutti::testing {

class desk_journal final : public forwarding_store {
public:
  desk_journal() : forwarding_store(make_memory_store({}, true)) {}

  /// At the `count`th write from now on, `die` is called, which is to end the bot; `kept`: after
  /// the write, of which the bot does not hear.
  void plan_death(int count, bool kept, std::function<void()> die) {
    count_ = count;
    kept_ = kept;
    die_ = std::move(die);
  }

  void end(const store_lease& lease, std::vector<event_end> ended,
           std::chrono::system_clock::time_point now, done<void> answer) override {
    if (!dies())
      return forwarding_store::end(lease, std::move(ended), now, std::move(answer));
    if (kept_)
      forwarding_store::end(lease, std::move(ended), now, [](const result<void>&) {});
    std::exchange(die_, nullptr)();
  }

private:
  bool dies() { return die_ && --count_ == 0; }

  int count_ = 0;
  bool kept_ = false;
  std::function<void()> die_;
};

} // namespace tutti::testing
