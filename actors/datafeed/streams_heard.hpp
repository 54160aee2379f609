// Where events came from of late.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// The streams that were heard of last, `most` of them.
class streams_heard {
public:
  using when_heard = std::pair<std::string, std::chrono::system_clock::time_point>;

  streams_heard() = default;
  /// `earlier`: of an earlier process, in any order.
  streams_heard(std::size_t most, std::vector<when_heard> earlier) : most_(most) {
    std::sort(earlier.begin(), earlier.end(),
              [](const auto& one, const auto& other) { return one.second < other.second; });
    for (const auto& each : earlier)
      add(each.first);
  }

  void add(const std::string& stream) {
    if (stream.empty() || most_ == 0)
      return;
    auto [found, fresh] = places_.try_emplace(stream);
    if (!fresh) {
      order_.splice(order_.end(), order_, found->second);
      return;
    }
    found->second = order_.insert(order_.end(), stream);
    if (order_.size() <= most_)
      return;
    places_.erase(order_.front());
    order_.pop_front();
  }

  std::vector<std::string> newest_first() const { return {order_.rbegin(), order_.rend()}; }

private:
  std::size_t most_ = 0;
  std::list<std::string> order_;
  std::unordered_map<std::string, std::list<std::string>::iterator> places_;
};

} // namespace tutti
