// A body that is texts and other sources, one after the other.
#pragma once

#include <tutti/body_source.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::wire {

class joined_source final : public body_source {
public:
  void add(std::shared_ptr<const body_source> what) {
    if (what->size() == 0)
      return;
    parts_.push_back({size_, {}, what});
    size_ += what->size();
  }
  void add(std::string text) {
    if (text.empty())
      return;
    const auto length = text.size();
    parts_.push_back({size_, std::move(text), nullptr});
    size_ += length;
  }

  std::uint64_t size() const noexcept override { return size_; }

  result<std::string> read(std::uint64_t offset, std::size_t count) const override {
    auto next = std::upper_bound(parts_.begin(), parts_.end(), offset,
                                 [](auto at, const part& each) { return at < each.begin; });
    const auto& from = *std::prev(next);
    const auto within = offset - from.begin;
    return from.source ? from.source->read(within, count)
                       : result<std::string>{from.text.substr(within, count)};
  }

  bool in_memory() const noexcept override {
    return std::all_of(parts_.begin(), parts_.end(),
                       [](const auto& each) { return !each.source || each.source->in_memory(); });
  }

private:
  struct part {
    /// In the whole.
    std::uint64_t begin;
    std::string text;
    /// null: it is the text.
    std::shared_ptr<const body_source> source;
  };

  std::vector<part> parts_;
  std::uint64_t size_ = 0;
};

} // namespace tutti::wire
