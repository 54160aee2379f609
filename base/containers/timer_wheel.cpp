// The wheel itself: a ring of slots with a bitmap of those in use.
#include <base/containers/timer_wheel.hpp>

#include <algorithm>

namespace tutti {

timer_wheel::token timer_wheel::add(time_point due, std::uint64_t what) {
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  auto tick = tick_of(due);
  // An empty wheel may be turned to any time; a due time behind the hand is looked at next.
  if (size_ == 0)
    hand_ = tick;
  hand_ = std::min(hand_, tick);
  auto& fresh = nodes_[index];
  fresh.tick = tick;
  fresh.what = what;
  link(index);
  ++size_;
  return (static_cast<token>(fresh.generation) << 32) | index;
}

void timer_wheel::remove(token which) noexcept {
  auto index = static_cast<std::uint32_t>(which);
  if (index >= nodes_.size() || nodes_[index].generation != which >> 32 || !nodes_[index].linked)
    return;
  unlink(index);
  release(index);
}

std::optional<timer_wheel::time_point> timer_wheel::next() const noexcept {
  if (size_ == 0)
    return std::nullopt;
  // The first slot in use from the hand on; what lies in it may belong to a later turn.
  for (std::size_t step = 0; step <= slots;) {
    auto slot = static_cast<std::size_t>(hand_ + static_cast<std::int64_t>(step)) % slots;
    auto word = occupied_[slot / 64] >> (slot % 64);
    if (word != 0) {
      auto tick = hand_ + static_cast<std::int64_t>(step) + std::countr_zero(word);
      return time_point{std::chrono::duration_cast<time_point::duration>(granule{tick})};
    }
    step += 64 - slot % 64;
  }
  return std::nullopt;
}

std::uint32_t timer_wheel::take_due(time_point now) noexcept {
  if (size_ == 0)
    return none;
  auto last = std::chrono::floor<granule>(now.time_since_epoch()).count();
  // One turn looks at every slot; more turns would see the same ones again.
  auto first = std::max(hand_, last - static_cast<std::int64_t>(slots) + 1);
  for (auto tick = first; tick <= last; ++tick) {
    auto slot = static_cast<std::size_t>(tick) % slots;
    if ((occupied_[slot / 64] >> (slot % 64) & 1) == 0)
      continue;
    for (auto index = heads_[slot]; index != none; index = nodes_[index].after) {
      if (nodes_[index].tick <= last) {
        hand_ = tick;
        unlink(index);
        return index;
      }
    }
  }
  hand_ = std::max(hand_, last + 1);
  return none;
}

void timer_wheel::link(std::uint32_t index) noexcept {
  auto slot = static_cast<std::size_t>(nodes_[index].tick) % slots;
  auto& fresh = nodes_[index];
  fresh.before = none;
  fresh.after = heads_[slot];
  fresh.linked = true;
  if (fresh.after != none)
    nodes_[fresh.after].before = index;
  heads_[slot] = index;
  occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void timer_wheel::unlink(std::uint32_t index) noexcept {
  auto& gone = nodes_[index];
  auto slot = static_cast<std::size_t>(gone.tick) % slots;
  if (gone.before != none)
    nodes_[gone.before].after = gone.after;
  else
    heads_[slot] = gone.after;
  if (gone.after != none)
    nodes_[gone.after].before = gone.before;
  if (heads_[slot] == none)
    occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  gone.linked = false;
}

void timer_wheel::release(std::uint32_t index) noexcept {
  ++nodes_[index].generation;
  free_.push_back(index); // capacity is that of nodes_ at most once over
  --size_;
}

} // namespace tutti
