// Decides what the end of a core actor leads to: nothing, a new core, or the end of the bot's work.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// After a crash the rest of the core is ended, and once all of it is gone a new one is made: at no
/// time are there two. A second crash is final. Pure; `Id` names an actor.
template <class Id>
class core_keeper {
public:
  enum class action : std::uint8_t {
    /// The bot is stopping, or more ends are to come.
    nothing,
    /// End those of `rest()`.
    end_rest,
    /// Nothing is left: make a new core and `watch` it.
    make,
    /// Nothing is left, and this was the second crash.
    give_up,
  };
  struct next {
    action then = action::nothing;
    /// This end is a crash, the first of this core; `crash()` describes it.
    bool crashed = false;
  };

  void watch(Id one, std::string name) { watched_.push_back({std::move(one), std::move(name)}); }

  /// One has ended: `orderly` as the bot's stop ends it, or else for that reason.
  next ended(const Id& one, bool orderly, const std::string& why) {
    auto found = std::find_if(watched_.begin(), watched_.end(),
                              [&](const watched& each) { return each.id == one; });
    if (found == watched_.end())
      return {};
    auto name = std::move(found->name);
    watched_.erase(found);
    if (orderly && !ending_)
      return {};
    const auto crashed = !std::exchange(ending_, true);
    if (crashed) {
      actor_ = std::move(name);
      crash_ = "the core's actor " + actor_ + " has crashed: " + why;
    }
    if (!watched_.empty())
      return {crashed ? action::end_rest : action::nothing, crashed};
    ending_ = false;
    return {std::exchange(restarted_, true) ? action::give_up : action::make, crashed};
  }

  /// Those that still live, in the order of `watch`.
  std::vector<Id> rest() const {
    std::vector<Id> all;
    all.reserve(watched_.size());
    for (const auto& each : watched_)
      all.push_back(each.id);
    return all;
  }

  /// Of the newest crash: which actor, and what people should know.
  const std::string& actor() const noexcept { return actor_; }
  const std::string& crash() const noexcept { return crash_; }

private:
  struct watched {
    Id id;
    std::string name;
  };

  std::vector<watched> watched_;
  bool ending_ = false;
  bool restarted_ = false;
  std::string actor_;
  std::string crash_;
};

} // namespace tutti
