// Values under short ids; a stale id finds nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

/// A table whose ids are an index and a generation: insert, find and take are an array access, and
/// an id is never given to two values. References last until the next insert.
template <class T>
class slab {
public:
  using id = std::uint64_t;

  /// An id no value ever has.
  static constexpr id none = 0;

  id insert(T&& value) { return emplace(std::move(value)); }
  id insert(const T& value) { return emplace(value); }

  /// Makes the value in its place.
  template <class... Args>
  id emplace(Args&&... args) {
    std::uint32_t index = 0;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(cells_.size());
      cells_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    auto& cell = cells_[index];
    cell.value.emplace(std::forward<Args>(args)...);
    ++size_;
    return (static_cast<id>(cell.generation) << 32) | index;
  }

  T* find(id which) noexcept {
    auto* cell = cell_of(which);
    return cell ? &*cell->value : nullptr;
  }

  /// It will be wanted soon: among very many it is not in the processor's cache. Inlined, because
  /// GCC 12 drops the call of a function that does no more than this.
  [[gnu::always_inline]] void prefetch(id which) const noexcept {
    auto index = static_cast<std::uint32_t>(which);
    if (index >= cells_.size())
      return;
    const auto* bytes = reinterpret_cast<const char*>(&cells_[index]);
    for (std::size_t line = 0; line < sizeof(cell); line += cache_line)
      __builtin_prefetch(bytes + line);
    __builtin_prefetch(bytes + sizeof(cell) - 1); // A cell begins anywhere in a line.
  }

  /// Takes the value out; nothing when it is gone already.
  std::optional<T> take(id which) {
    auto* cell = cell_of(which);
    if (!cell)
      return std::nullopt;
    auto value = std::optional<T>{std::move(*cell->value)};
    erase(which);
    return value;
  }

  /// Destroys the value; one that is gone does no harm.
  void erase(id which) {
    auto* cell = cell_of(which);
    if (!cell)
      return;
    cell->value.reset();
    ++cell->generation;
    free_.push_back(static_cast<std::uint32_t>(which));
    --size_;
  }

  /// Ids of everything in it.
  std::vector<id> ids() const {
    std::vector<id> all;
    for (std::uint32_t index = 0; index < cells_.size(); ++index)
      if (cells_[index].value)
        all.push_back((static_cast<id>(cells_[index].generation) << 32) | index);
    return all;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

private:
  static constexpr std::size_t cache_line = 64;

  struct cell {
    std::optional<T> value;
    std::uint32_t generation = 1;
  };

  cell* cell_of(id which) noexcept {
    auto index = static_cast<std::uint32_t>(which);
    if (index >= cells_.size())
      return nullptr;
    auto& found = cells_[index];
    return found.value && found.generation == which >> 32 ? &found : nullptr;
  }

  std::vector<cell> cells_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

} // namespace tutti
