// Those who wait until events have ended in the journal.
#pragma once

#include <actors/loop/unique_promise.hpp>

#include <tutti/protocol/dispatch.hpp>

#include <caf/delegated.hpp>

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace tutti {

class ends_awaited {
public:
  template <class Self>
  caf::delegated<all_ended> add(unique_promise<all_ended> reply, Self* self,
                                const await_ended& what) {
    std::set<std::uint64_t> left{what.numbers.begin(), what.numbers.end()};
    if (left.empty())
      reply.answer(self, all_ended{});
    else
      waiting_.push_back({std::move(reply), std::move(left)});
    return {};
  }

  template <class Self>
  void ended(Self* self, std::uint64_t number) {
    for (auto& each : waiting_)
      if (each.left.erase(number) > 0 && each.left.empty())
        each.reply.answer(self, all_ended{});
    std::erase_if(waiting_, [](const auto& each) { return each.left.empty(); });
  }

  template <class Self>
  void fail_all(Self* self, const failure& why) {
    for (auto& each : waiting_)
      each.reply.fail(self, why);
  }

private:
  struct waiting {
    unique_promise<all_ended> reply;
    std::set<std::uint64_t> left;
  };
  std::vector<waiting> waiting_;
};

} // namespace tutti
