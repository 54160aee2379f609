// Decides who has to ask the pod who a caller is, and who shares another's question.
#pragma once

#include <base/containers/clock_cache.hpp>

#include <tutti/caller.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// The bot itself is looked up once; of the users that its app acts for, some are kept. `Asker` is
/// what an answer is given to.
template <class Asker>
class caller_look_ups {
public:
  using time_point = std::chrono::steady_clock::time_point;
  /// A user's name; nothing for the bot itself.
  using name = std::optional<std::string>;

  enum class action : std::uint8_t {
    /// It is known: answer with `known`.
    answer,
    /// Ask the pod; this asker, and those who come meanwhile, wait for `end`.
    look_up,
    /// The pod is being asked.
    wait,
  };

  struct next {
    action then;
    /// With `answer`; lasts until the next call.
    const caller_info* known = nullptr;
  };

  explicit caller_look_ups(std::size_t users) : users_(users) {}

  /// Takes the asker in unless the answer is known.
  next ask(const name& whom, const Asker& who, time_point now) {
    const auto* known = whom ? users_.find(*whom, now) : (bot_ ? &*bot_ : nullptr);
    if (known)
      return {action::answer, known};
    auto& askers = waiting_[whom];
    askers.push_back(who);
    return {askers.size() == 1 ? action::look_up : action::wait};
  }

  /// From now on it is known, a user until then.
  void found(const name& whom, const caller_info& who, time_point until) {
    if (whom)
      users_.put(*whom, who, until);
    else
      bot_ = who;
  }

  /// A look-up has ended, well or not: those who wait for it.
  std::vector<Asker> end(const name& whom) {
    auto askers = waiting_.extract(whom);
    return askers.empty() ? std::vector<Asker>{} : std::move(askers.mapped());
  }

  /// All who wait for anything.
  std::vector<Asker> end() {
    std::vector<Asker> all;
    for (auto& [whom, askers] : std::exchange(waiting_, {}))
      all.insert(all.end(), askers.begin(), askers.end());
    return all;
  }

private:
  std::optional<caller_info> bot_;
  clock_cache<std::string, caller_info> users_;
  std::map<name, std::vector<Asker>> waiting_;
};

} // namespace tutti
