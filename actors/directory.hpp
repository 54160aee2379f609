// The IMs known to be open, readable from any thread.
#pragma once

#include <actors/clock_cache.hpp>
#include <actors/im_key.hpp>

#include <tutti/config.hpp>

#include <atomic>
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
  std::size_t size() const;
  /// Of those known, on average; 0 while there are none.
  std::chrono::milliseconds mean_age(time_point now) const;

  /// Who the bot is: what a reader needs to make a key.
  void caller_is(user_id own) noexcept { own_.store(own.value(), std::memory_order_release); }
  std::optional<user_id> caller() const noexcept;

private:
  static constexpr std::size_t shard_count = 16;

  struct shard {
    explicit shard(std::size_t capacity) : known(capacity) {}
    mutable std::mutex lock;
    clock_cache<im_key, stream_id> known;
  };

  shard& shard_of(const im_key& key) noexcept;

  std::chrono::milliseconds ttl_;
  std::atomic<std::int64_t> own_{0};
  std::vector<std::unique_ptr<shard>> shards_;
};

} // namespace tutti
