// Where questions from outside are handed in.
#pragma once

#include <caf/actor.hpp>

#include <mutex>
#include <utility>

namespace tutti {

/// Shared with the calls, which may outlive the bot.
class asker_slot {
public:
  void open(caf::actor asker) {
    auto guard = std::lock_guard{lock_};
    asker_ = std::move(asker);
  }

  /// Answers the asker, none while closed.
  caf::actor asker() const {
    auto guard = std::lock_guard{lock_};
    return asker_;
  }

private:
  mutable std::mutex lock_;
  caf::actor asker_;
};

} // namespace tutti
