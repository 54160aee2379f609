// Shards behind directory.hpp.
#include <actors/directory/directory.hpp>

#include <iterator>

namespace tutti {

directory::directory(const directory_config& settings) : ttl_(settings.ttl) {
  // A small directory needs no shards; a large one is split evenly, rounding up.
  auto count = settings.capacity < 1024 ? std::size_t{1} : shard_count;
  for (std::size_t i = 0; i < count; ++i)
    shards_.push_back(std::make_unique<shard>((settings.capacity + count - 1) / count));
}

directory::shard& directory::shard_of(const im_key& key) noexcept {
  return *shards_[(std::hash<im_key>{}(key) >> 48) % shards_.size()];
}

std::optional<stream_id> directory::find(const im_key& key, time_point now) {
  auto& home = shard_of(key);
  auto guard = std::lock_guard{home.lock};
  const auto* found = home.known.find(key, now);
  return found ? std::optional{*found} : std::nullopt;
}

void directory::put(const im_key& key, const stream_id& stream, time_point now) {
  auto& home = shard_of(key);
  auto guard = std::unique_lock{home.lock};
  home.known.put(key, stream, now + ttl_);
  if (noting() && note(home, {key, stream, now + ttl_})) {
    guard.unlock();
    tell();
  }
}

void directory::restore(const im_key& key, const stream_id& stream, time_point expires) {
  auto& home = shard_of(key);
  auto guard = std::lock_guard{home.lock};
  if (!home.known.find(key, time_point::min()))
    home.known.put(key, stream, expires);
}

bool directory::note(shard& home, change what) {
  home.changes.push_back(std::move(what));
  return !changed_.exchange(true, std::memory_order_acq_rel);
}

void directory::tell() {
  if (first_)
    first_();
}

void directory::note_changes(std::function<void()> first) {
  noting_ = false;
  for (const auto& part : shards_) { // Who has seen the old value is done after this.
    auto guard = std::lock_guard{part->lock};
    part->changes.clear();
  }
  changed_ = false;
  first_ = std::move(first);
  noting_ = first_ != nullptr;
}

std::vector<directory::change> directory::take_changes() {
  std::vector<std::vector<change>> taken(shards_.size());
  {
    // All at one moment, so that nothing is kept that was learnt after something that is not.
    std::vector<std::unique_lock<std::mutex>> guards;
    guards.reserve(shards_.size());
    for (const auto& part : shards_)
      guards.emplace_back(part->lock);
    changed_.store(false, std::memory_order_release);
    for (std::size_t i = 0; i < taken.size(); ++i)
      taken[i].swap(shards_[i]->changes);
  }
  std::vector<change> all;
  for (auto& part : taken)
    std::move(part.begin(), part.end(), std::back_inserter(all));
  return all;
}

std::vector<directory::change> directory::all() const {
  std::vector<change> made;
  for (const auto& part : shards_) {
    auto guard = std::lock_guard{part->lock};
    part->known.each([&](const im_key& key, const stream_id& stream, time_point expires) {
      made.push_back({key, stream, expires});
    });
  }
  return made;
}

void directory::forget(const im_key& key) {
  auto& home = shard_of(key);
  auto guard = std::unique_lock{home.lock};
  home.known.erase(key);
  if (noting() && note(home, {key, std::nullopt, {}})) {
    guard.unlock();
    tell();
  }
}

std::size_t directory::size() const {
  std::size_t sum = 0;
  for (const auto& part : shards_) {
    auto guard = std::lock_guard{part->lock};
    sum += part->known.size();
  }
  return sum;
}

std::chrono::milliseconds directory::mean_age(time_point now) const {
  std::size_t count = 0;
  std::chrono::milliseconds left{0};
  for (const auto& part : shards_) {
    auto guard = std::lock_guard{part->lock};
    count += part->known.size();
    left += part->known.time_left(now);
  }
  return count == 0 ? left : ttl_ - left / static_cast<std::int64_t>(count);
}

std::optional<user_id> directory::caller() const noexcept {
  auto own = user_id::make(own_.load(std::memory_order_acquire));
  return own ? std::optional{*own} : std::nullopt;
}

} // namespace tutti
