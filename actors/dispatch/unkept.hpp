// What handlers have left behind that is not in the journal yet.
#pragma once

#include <tutti/store.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// No I/O. One write at a time, in the order of what came: the journal has all that came before
/// something, or none of both.
class unkept {
public:
  /// Of one handler, by its number; with `goes_on` it may leave more.
  void add(event_end what) { waiting_.push_back(std::move(what)); }

  /// All that has come, for one write; nothing while one is under way or when nothing has come.
  std::vector<event_end> begin_write() {
    if (writing_)
      return {};
    under_way_.insert(under_way_.end(), std::make_move_iterator(waiting_.begin()),
                      std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    writing_ = !under_way_.empty();
    return under_way_;
  }

  /// The write has succeeded: what it was of.
  std::vector<event_end> written() {
    writing_ = false;
    return std::exchange(under_way_, {});
  }

  /// The write has failed: what it was of comes again with the next one.
  void not_written() { writing_ = false; }

  bool empty() const noexcept { return under_way_.empty() && waiting_.empty(); }

  /// What is kept under a scope once all of it is written. `stored`: as the journal has it, read
  /// after the write that is under way was asked for.
  std::vector<std::pair<std::string, std::string>>
  applied(const std::string& scope,
          const std::vector<std::pair<std::string, std::string>>& stored) const {
    std::map<std::string, std::string> all{stored.begin(), stored.end()};
    for (const auto* some : {&under_way_, &waiting_})
      for (const auto& each : *some)
        for (const auto& change : each.state)
          if (change.scope == scope) {
            if (change.value)
              all[change.name] = *change.value;
            else
              all.erase(change.name);
          }
    return {all.begin(), all.end()};
  }

private:
  bool writing_ = false;
  std::vector<event_end> under_way_;
  std::vector<event_end> waiting_;
};

} // namespace tutti
