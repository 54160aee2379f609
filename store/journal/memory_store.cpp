// The journal in memory.
#include <tutti/store.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>

namespace tutti {

std::uint32_t partition_of(std::string_view stream) noexcept {
  std::uint64_t hash = 14'695'981'039'346'656'037U; // FNV-1a: the same in every build.
  for (unsigned char c : stream) {
    if (c == '=')
      continue;
    hash = (hash ^ (c == '+' ? '-' : c == '/' ? '_' : c)) * 1'099'511'628'211U;
  }
  return static_cast<std::uint32_t>(hash % partition_count);
}

namespace {

using std::chrono::system_clock;

const failure old_lease{errc::rejected, "the journal has been opened by another holder since", 0,
                        "lease"};

class memory_store final : public event_store {
public:
  memory_store(journal_rules rules, bool durable) : rules_(std::move(rules)), durable_(durable) {}

  void open(std::string holder, done<journal_contents> answer) override {
    journal_contents found;
    {
      auto guard = std::lock_guard{lock_};
      lease_ = {std::move(holder), lease_.epoch + 1};
      found = {lease_, feed_, open_.size(), {newest_.begin(), newest_.end()}};
    }
    answer(std::move(found));
  }

  void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
              done<append_outcome> answer) override {
    result<append_outcome> outcome = append_outcome{};
    {
      auto guard = std::lock_guard{lock_};
      if (lease != lease_)
        outcome = old_lease;
      else
        outcome = appended(std::move(at), std::move(events));
    }
    answer(std::move(outcome));
  }

  void fetch(std::uint64_t after, std::size_t limit,
             done<std::vector<stored_event>> answer) override {
    std::vector<stored_event> found;
    {
      auto guard = std::lock_guard{lock_};
      for (auto each = open_.upper_bound(after); each != open_.end() && found.size() < limit;
           ++each)
        found.push_back({each->first, each->second});
    }
    answer(std::move(found));
  }

  void end(const store_lease& lease, std::vector<event_end> ended, system_clock::time_point now,
           done<void> answer) override {
    result<void> outcome;
    {
      auto guard = std::lock_guard{lock_};
      if (lease != lease_)
        outcome = old_lease;
      else
        for (auto& each : ended)
          end_one(std::move(each), now);
    }
    answer(outcome);
  }

  void state_of(std::string stream,
                done<std::vector<std::pair<std::string, std::string>>> answer) override {
    std::vector<std::pair<std::string, std::string>> found;
    {
      auto guard = std::lock_guard{lock_};
      if (auto kept = states_.find(stream); kept != states_.end())
        found.assign(kept->second.begin(), kept->second.end());
    }
    answer(std::move(found));
  }

  void timers_due(system_clock::time_point by, std::size_t limit,
                  done<std::vector<stored_timer>> answer) override {
    std::vector<stored_timer> found;
    {
      auto guard = std::lock_guard{lock_};
      for (const auto& [id, each] : timers_)
        if (each.due <= by)
          found.push_back(each);
    }
    std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
      return std::tie(one.due, one.id) < std::tie(other.due, other.id);
    });
    found.resize(std::min(found.size(), limit));
    answer(std::move(found));
  }

  void dead_letters(std::size_t limit, done<std::vector<dead_letter>> answer) override {
    std::vector<dead_letter> found;
    {
      auto guard = std::lock_guard{lock_};
      auto first = dead_.size() > limit ? dead_.size() - limit : 0;
      found.assign(dead_.begin() + static_cast<std::ptrdiff_t>(first), dead_.end());
    }
    answer(std::move(found));
  }

  void prune(system_clock::time_point now, done<std::size_t> answer) override {
    std::size_t count = 0;
    {
      auto guard = std::lock_guard{lock_};
      std::erase_if(newest_, [&](const auto& each) { return each.second + rules_.kept <= now; });
      for (; !ended_.empty() && ended_.front().second + rules_.kept <= now; ended_.pop_front()) {
        keys_.erase(ended_.front().first);
        ++count;
      }
    }
    answer(count);
  }

  bool durable() const noexcept override { return durable_; }

private:
  append_outcome appended(feed_position at, std::vector<new_event> events) {
    append_outcome outcome;
    feed_ = std::move(at);
    for (auto& each : events) {
      if (!each.key.empty() && !keys_.insert({each.key, tail_ + 1}).second) {
        ++outcome.duplicates;
        continue;
      }
      auto number = ++tail_;
      open_[number] = each;
      outcome.fresh.push_back({number, std::move(each)});
    }
    return outcome;
  }

  void end_one(event_end&& what, system_clock::time_point now) {
    auto found = open_.find(what.number);
    if (found == open_.end())
      return; // It has ended already.
    if (what.given_up) {
      dead_.push_back({{what.number, found->second}, std::move(*what.given_up)});
      if (dead_.size() > most_dead)
        dead_.pop_front();
    }
    for (auto& each : what.state)
      if (each.value)
        states_[each.stream][each.name] = std::move(*each.value);
      else if (auto kept = states_.find(each.stream); kept != states_.end())
        kept->second.erase(each.name);
    for (auto& each : what.timers)
      timers_[each.id] = each;
    for (const auto& each : what.timers_removed)
      timers_.erase(each);
    auto& newest = newest_[found->second.stream];
    newest = std::max(newest, found->second.at);
    if (!found->second.key.empty())
      ended_.emplace_back(std::move(found->second.key), now);
    open_.erase(found);
  }

  /// Older ones make room: memory is not for keeps.
  static constexpr std::size_t most_dead = 1'000;

  journal_rules rules_;
  bool durable_;
  std::mutex lock_;
  store_lease lease_;
  std::optional<feed_position> feed_;
  std::uint64_t tail_ = 0;
  std::map<std::uint64_t, new_event> open_;
  std::unordered_map<std::string, std::uint64_t> keys_;
  /// By stream, of those that have ended.
  std::unordered_map<std::string, system_clock::time_point> newest_;
  /// By the time of their end.
  std::deque<std::pair<std::string, system_clock::time_point>> ended_;
  std::map<std::string, std::map<std::string, std::string>> states_;
  std::map<std::string, stored_timer> timers_;
  std::deque<dead_letter> dead_;
};

} // namespace

std::shared_ptr<event_store> make_memory_store(journal_rules rules, bool durable) {
  return std::make_shared<memory_store>(std::move(rules), durable);
}

} // namespace tutti
