// Authors' actors that end with the bot.
#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <mutex>
#include <vector>

namespace tutti {

/// Actors that `bot::stop` ends if they still live. From any thread.
class actor_group {
public:
  /// Whether the group keeps an actor alive to which no other reference is left.
  enum class hold { strong, weak };

  explicit actor_group(hold how) : how_(how) {}

  /// Once the group is closed, an actor that is added is ended at once.
  void add(const caf::actor& one) {
    auto guard = std::lock_guard{lock_};
    if (closed_)
      return caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    // Those that have ended are dropped whenever the list has doubled.
    if (all_.size() >= 2 * living_ + 64) {
      std::erase_if(all_, [](const entry& each) { return ended(each); });
      living_ = all_.size();
    }
    all_.push_back(
        {caf::actor_cast<caf::weak_actor_ptr>(one), how_ == hold::strong ? one : caf::actor{}});
  }

  /// Those that live now.
  std::vector<caf::actor> living() const {
    auto guard = std::lock_guard{lock_};
    std::vector<caf::actor> found;
    for (const auto& each : all_)
      if (auto strong = each.weak.lock())
        found.push_back(caf::actor_cast<caf::actor>(strong));
    return found;
  }

  /// Takes no more actors; answers those that live.
  std::vector<caf::actor> close() {
    auto guard = std::lock_guard{lock_};
    closed_ = true;
    std::vector<caf::actor> last;
    for (const auto& each : all_)
      if (auto strong = each.weak.lock())
        last.push_back(caf::actor_cast<caf::actor>(strong));
    living_ = 0;
    all_.clear();
    return last;
  }

  void open() {
    auto guard = std::lock_guard{lock_};
    closed_ = false;
  }

private:
  struct entry {
    caf::weak_actor_ptr weak;
    caf::actor strong;
  };

  static bool ended(const entry& one) {
    auto strong = one.weak.lock();
    return !strong || caf::actor_cast<caf::abstract_actor*>(strong)->getf(
                          caf::abstract_actor::is_terminated_flag);
  }

  hold how_;
  mutable std::mutex lock_;
  std::vector<entry> all_;
  std::size_t living_ = 0;
  bool closed_ = false;
};

} // namespace tutti
