// The IMs known to be open, readable from any thread.
#pragma once

#include <actors/directory/im_key.hpp>
#include <base/containers/clock_cache.hpp>

#include <tutti/config.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tutti {

/// Sharded, bounded and expiring. A shard's lock is held for one map operation: the one mutex the
/// I/O loop takes.
class directory {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit directory(const directory_config& settings);

  std::optional<stream_id> find(const im_key& key, time_point now);
  void put(const im_key& key, const stream_id& stream, time_point now);
  void forget(const im_key& key);
  /// Learns from a file what it does not know better already.
  void restore(const im_key& key, const stream_id& stream, time_point expires);
  std::size_t size() const;
  /// Of those known, on average; 0 while there are none.
  std::chrono::milliseconds mean_age(time_point now) const;

  /// What it has learnt; without a stream: forgotten.
  struct change {
    im_key key;
    std::optional<stream_id> stream;
    time_point expires;
  };

  /// From now on changes are kept until they are taken; `first` is called, on the thread of the
  /// change, for the first one after each time. null: no more.
  void note_changes(std::function<void()> first);
  bool has_changes() const noexcept { return changed_.load(std::memory_order_acquire); }
  /// All since they were taken last, as of one moment. Of one key, in order.
  std::vector<change> take_changes();

  /// All it knows, for a file that is written from nothing.
  std::vector<change> all() const;

  /// Who the bot is: what a reader needs to make a key.
  void caller_is(user_id own) noexcept { own_.store(own.value(), std::memory_order_release); }
  std::optional<user_id> caller() const noexcept;

private:
  static constexpr std::size_t shard_count = 16;

  struct shard {
    explicit shard(std::size_t capacity) : known(capacity) {}
    mutable std::mutex lock;
    clock_cache<im_key, stream_id> known;
    std::vector<change> changes;
  };

  shard& shard_of(const im_key& key) noexcept;
  bool noting() const noexcept { return noting_.load(std::memory_order_relaxed); }
  /// With the shard's lock held: true for the first change since they were taken.
  bool note(shard& home, change what);
  void tell();

  std::chrono::milliseconds ttl_;
  std::atomic<std::int64_t> own_{0};
  /// Set before the first change and after the last.
  std::function<void()> first_;
  std::atomic<bool> noting_{false};
  std::atomic<bool> changed_{false};
  std::vector<std::unique_ptr<shard>> shards_;
};

} // namespace tutti
