// A bounded, expiring map with CLOCK eviction: a read writes one bit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

/// Keeps at most `capacity` values, each for a time given with it. Past the bound the hand walks on
/// to the first value not read since it last came by, and that one makes room. Grows as it fills.
template <class Key, class Value>
class clock_cache {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit clock_cache(std::size_t capacity) : capacity_(capacity) {}

  /// The value, unless it has expired; marks it as read. Lasts until the next change.
  const Value* find(const Key& key, time_point now) noexcept {
    auto bucket = bucket_of(key, hash_of(key));
    if (!bucket)
      return nullptr;
    auto& found = entries_[buckets_[*bucket]];
    if (found.expires <= now)
      return nullptr;
    found.read = true;
    return &found.value;
  }

  /// Keeps `value` until `expires`, in place of what stood under `key`.
  void put(const Key& key, Value value, time_point expires) {
    if (capacity_ == 0)
      return;
    auto hash = hash_of(key);
    if (auto bucket = bucket_of(key, hash)) {
      auto& found = entries_[buckets_[*bucket]];
      found.value = std::move(value);
      expiries_ += in_ms(expires) - in_ms(found.expires);
      found.expires = expires;
      return;
    }
    auto fresh = entry{key, std::move(value), expires, hash, false};
    expiries_ += in_ms(expires);
    std::uint32_t index = 0;
    if (entries_.size() < capacity_) {
      index = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back(std::move(fresh));
      if (entries_.size() * 4 > buckets_.size() * 3)
        return rebuild();
    } else {
      index = victim();
      unlink(index);
      expiries_ -= in_ms(entries_[index].expires);
      entries_[index] = std::move(fresh);
    }
    link(index);
  }

  /// Forgets it; true if it was there.
  bool erase(const Key& key) {
    auto bucket = bucket_of(key, hash_of(key));
    if (!bucket)
      return false;
    auto index = buckets_[*bucket];
    unlink(index);
    expiries_ -= in_ms(entries_[index].expires);
    auto last = static_cast<std::uint32_t>(entries_.size() - 1);
    if (index != last) { // The last entry moves into the gap.
      unlink(last);
      entries_[index] = std::move(entries_[last]);
      link(index);
    }
    entries_.pop_back();
    if (hand_ >= entries_.size())
      hand_ = 0;
    return true;
  }

  std::size_t size() const noexcept { return entries_.size(); }

  /// Calls `see(key, value, expires)` for each.
  template <class See>
  void each(See&& see) const {
    for (const auto& one : entries_)
      see(one.key, one.value, one.expires);
  }

  /// Until all of them expire, summed up.
  std::chrono::milliseconds time_left(time_point now) const noexcept {
    return std::chrono::milliseconds{expiries_ -
                                     in_ms(now) * static_cast<std::int64_t>(entries_.size())};
  }

private:
  static constexpr std::uint32_t vacant = 0xffffffff;

  struct entry {
    Key key;
    Value value;
    time_point expires;
    std::uint32_t hash;
    bool read;
  };

  static std::int64_t in_ms(time_point t) noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
  }

  static std::uint32_t hash_of(const Key& key) noexcept {
    auto hash = static_cast<std::uint64_t>(std::hash<Key>{}(key)) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::uint32_t>(hash >> 32);
  }

  std::size_t home(std::uint32_t hash) const noexcept { return hash & (buckets_.size() - 1); }
  std::size_t following(std::size_t bucket) const noexcept {
    return (bucket + 1) & (buckets_.size() - 1);
  }

  std::optional<std::size_t> bucket_of(const Key& key, std::uint32_t hash) const noexcept {
    if (buckets_.empty())
      return std::nullopt;
    for (auto b = home(hash); buckets_[b] != vacant; b = following(b)) {
      const auto& candidate = entries_[buckets_[b]];
      if (candidate.hash == hash && candidate.key == key)
        return b;
    }
    return std::nullopt;
  }

  void link(std::uint32_t index) noexcept {
    auto b = home(entries_[index].hash);
    while (buckets_[b] != vacant)
      b = following(b);
    buckets_[b] = index;
  }

  /// Takes the entry out of the buckets; those probed past it move up.
  void unlink(std::uint32_t index) noexcept {
    auto gap = home(entries_[index].hash);
    while (buckets_[gap] != index)
      gap = following(gap);
    for (auto b = following(gap); buckets_[b] != vacant; b = following(b)) {
      auto wanted = home(entries_[buckets_[b]].hash);
      auto distance = (b - wanted) & (buckets_.size() - 1);
      if (distance >= ((b - gap) & (buckets_.size() - 1))) {
        buckets_[gap] = buckets_[b];
        gap = b;
      }
    }
    buckets_[gap] = vacant;
  }

  void rebuild() {
    buckets_.assign(buckets_.empty() ? 16 : buckets_.size() * 2, vacant);
    for (std::uint32_t index = 0; index < entries_.size(); ++index)
      link(index);
  }

  std::uint32_t victim() noexcept {
    while (entries_[hand_].read) {
      entries_[hand_].read = false;
      hand_ = (hand_ + 1) % entries_.size();
    }
    auto chosen = static_cast<std::uint32_t>(hand_);
    hand_ = (hand_ + 1) % entries_.size();
    return chosen;
  }

  std::size_t capacity_;
  std::vector<entry> entries_;
  std::vector<std::uint32_t> buckets_;
  std::size_t hand_ = 0;
  /// When each entry expires, summed up, in milliseconds.
  std::int64_t expiries_ = 0;
};

} // namespace tutti
