// The steps of a dialogue: which are done, and which one comes next.
#pragma once

#include <bot/hearing/dialogues/dialogue_record.hpp>

#include <tutti/dialogue.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// No I/O and no clock.
class step_log {
public:
  static constexpr std::size_t most = 1'000;

  explicit step_log(std::vector<kept_step>& steps) : steps_(steps) {}

  struct found {
    std::size_t index;
    /// It was not kept before.
    bool fresh;
  };

  /// The program comes to a step. Throws `dialogue_over`: another one is kept in its place, or
  /// there are too many.
  found next(const std::string& kind, const std::string& name) {
    const auto index = cursor_;
    if (index < steps_.size()) {
      const auto& kept = steps_[index];
      if (kept.kind != kind || kept.name != name)
        throw dialogue_over{dialogue_end::changed, "step " + std::to_string(index + 1) + " is " +
                                                       shown(kind, name) + " here, and was " +
                                                       shown(kept.kind, kept.name)};
      ++cursor_;
      return {index, false};
    }
    if (index == most)
      throw dialogue_over{dialogue_end::too_long,
                          "it has more than " + std::to_string(most) + " steps"};
    leaves_failed();
    steps_.push_back({kind, name});
    ++cursor_;
    return {index, true};
  }

  kept_step& at(std::size_t index) { return steps_[index]; }

  void done(std::size_t index, json_value result) {
    steps_[index].state = step_state::done;
    steps_[index].result = std::move(result);
  }

  /// The function goes on though the last work has failed: that counts from now on. False: it did
  /// not fail, or that is known.
  bool leaves_failed() {
    if (steps_.empty() || steps_.back().state != step_state::failed || steps_.back().attempts > 0)
      return false;
    steps_.back().attempts = 1;
    return true;
  }

  /// All that is kept has been gone through.
  bool at_end() const noexcept { return cursor_ >= steps_.size(); }

private:
  static std::string shown(const std::string& kind, const std::string& name) {
    return name.empty() ? kind : kind + " " + name;
  }

  std::vector<kept_step>& steps_;
  std::size_t cursor_ = 0;
};

} // namespace tutti
