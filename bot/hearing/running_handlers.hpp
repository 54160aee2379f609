// Which handlers run: one at a time in each stream.
#pragma once

#include <tutti/protocol/dispatch.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace tutti {

/// A core hands out one event of a stream after the other; one that has restarted may hand out some
/// while a handler of the core before still runs. No lock of its own.
class running_handlers {
public:
  using report = std::function<void(handling)>;

  /// Whether its handler is to be started now. An event whose handler runs, or waits, reports to
  /// the new `done` at its end.
  bool begin(std::shared_ptr<const event> what, report done) {
    const auto number = what->number;
    auto [found, fresh] = all_.try_emplace(number);
    found->second.done = std::move(done);
    if (!fresh)
      return false;
    auto& line = streams_[line_of(*what)];
    line.push_back(number);
    found->second.what = std::move(what);
    return line.size() == 1;
  }

  struct ended {
    /// None when it is not known any more.
    report done;
    /// Whose handler is to be started now; null: none.
    std::shared_ptr<const event> next;
  };

  ended end(std::uint64_t number) {
    auto one = all_.extract(number);
    if (!one)
      return {};
    auto found = streams_.find(line_of(*one.mapped().what));
    auto& line = found->second;
    line.pop_front();
    ended result{std::move(one.mapped().done), nullptr};
    if (line.empty())
      streams_.erase(found);
    else
      result.next = all_.at(line.front()).what;
    return result;
  }

  bool empty() const noexcept { return all_.empty(); }
  void clear() {
    all_.clear();
    streams_.clear();
  }

private:
  /// Timers of no stream do not wait for each other.
  static std::string line_of(const event& what) {
    auto stream = to_string(what.stream.id);
    return stream.empty() && what.kind == event_kind::timer_due ? what.id : stream;
  }

  struct handler {
    std::shared_ptr<const event> what;
    report done;
  };

  std::unordered_map<std::uint64_t, handler> all_;
  /// By stream: the first one runs, the others wait.
  std::unordered_map<std::string, std::deque<std::uint64_t>> streams_;
};

} // namespace tutti
