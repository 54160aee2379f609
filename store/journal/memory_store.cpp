// The journal in memory.
#include <store/journal/fired_keys.hpp>

#include <tutti/store.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <set>
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

std::string key_of(const stored_timer& timer) {
  const auto due =
      std::chrono::duration_cast<std::chrono::milliseconds>(timer.due.time_since_epoch());
  return store::fired_keys(timer.id).first + std::to_string(due.count());
}

std::string_view timer_id_in(std::string_view key) noexcept {
  const auto end = key.rfind(store::after_id);
  if (!key.starts_with(store::timer_key) || end == key.npos)
    return {};
  return key.substr(store::timer_key.size(), end - store::timer_key.size());
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
      if (found.newest.size() > rules_.newest) {
        const auto most = found.newest.begin() + static_cast<std::ptrdiff_t>(rules_.newest);
        std::nth_element(
            found.newest.begin(), most, found.newest.end(),
            [](const auto& one, const auto& other) { return one.second > other.second; });
        found.newest.erase(most, found.newest.end());
      }
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

  void state_of(std::string scope,
                done<std::vector<std::pair<std::string, std::string>>> answer) override {
    std::vector<std::pair<std::string, std::string>> found;
    {
      auto guard = std::lock_guard{lock_};
      if (auto kept = states_.find(scope); kept != states_.end())
        found.assign(kept->second.begin(), kept->second.end());
    }
    answer(std::move(found));
  }

  void fire_timers(const store_lease& lease, system_clock::time_point by, std::size_t limit,
                   done<timers_fired> answer) override {
    result<timers_fired> outcome = timers_fired{};
    {
      auto guard = std::lock_guard{lock_};
      if (lease != lease_)
        outcome = old_lease;
      else
        outcome = fired(by, limit);
    }
    answer(std::move(outcome));
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
    for (auto& each : events)
      add(std::move(each), outcome);
    return outcome;
  }

  void add(new_event&& what, append_outcome& into) {
    if (!what.key.empty() && !keys_.insert({what.key, tail_ + 1}).second) {
      ++into.duplicates;
      return;
    }
    auto number = ++tail_;
    open_[number] = what;
    into.fresh.push_back({number, std::move(what)});
  }

  timers_fired fired(system_clock::time_point by, std::size_t limit) {
    append_outcome outcome;
    while (outcome.fresh.size() + outcome.duplicates < limit && !due_.empty() &&
           due_.begin()->first <= by) {
      auto what = std::move(timers_.extract(due_.begin()->second).mapped());
      due_.erase(due_.begin());
      auto key = key_of(what);
      while (keys_.contains(key)) // One of this id and time has been before.
        key += '+';
      fired_[key] = tail_ + 1;
      add({event_kind::timer_due, std::move(key), std::move(what.stream), what.due, false,
           std::move(what.payload)},
          outcome);
    }
    timers_fired found{std::move(outcome.fresh), {}};
    if (!due_.empty())
      found.next = due_.begin()->first;
    return found;
  }

  void end_one(event_end&& what, system_clock::time_point now) {
    auto found = open_.find(what.number);
    if (found == open_.end() && !(what.number == 0 && what.goes_on))
      return; // It has ended already.
    keep(what, now);
    if (what.goes_on)
      return;
    if (what.given_up) {
      dead_.push_back({{what.number, found->second}, std::move(*what.given_up)});
      if (dead_.size() > most_dead)
        dead_.pop_front();
    }
    forget_open(found, now);
  }

  void keep(event_end& what, system_clock::time_point now) {
    for (auto& each : what.state)
      if (each.value)
        states_[each.scope][each.name] = std::move(*each.value);
      else if (auto kept = states_.find(each.scope); kept != states_.end()) {
        kept->second.erase(each.name);
        if (kept->second.empty())
          states_.erase(kept);
      }
    for (auto& each : what.timers)
      if (!each.unless_set || !timers_.contains(each.id))
        set_timer(std::move(each));
    for (const auto& id : what.timers_removed) {
      remove_timer(id);
      const auto keys = store::fired_keys(id);
      std::vector<std::uint64_t> over;
      for (auto each = fired_.lower_bound(keys.first);
           each != fired_.end() && each->first < keys.second; ++each)
        over.push_back(each->second);
      for (const auto number : over)
        if (number != what.number)
          forget_open(open_.find(number), now);
    }
  }

  void set_timer(stored_timer&& what) {
    remove_timer(what.id);
    due_.emplace(what.due, what.id);
    auto id = what.id;
    timers_[std::move(id)] = std::move(what);
  }

  void remove_timer(const std::string& id) {
    if (const auto found = timers_.find(id); found != timers_.end()) {
      due_.erase({found->second.due, id});
      timers_.erase(found);
    }
  }

  void forget_open(std::map<std::uint64_t, new_event>::iterator which,
                   system_clock::time_point now) {
    if (which->second.kind == event_kind::timer_due) {
      fired_.erase(which->second.key);
    } else {
      auto& newest = newest_[which->second.stream];
      newest = std::max(newest, which->second.at);
    }
    if (!which->second.key.empty())
      ended_.emplace_back(std::move(which->second.key), now);
    open_.erase(which);
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
  /// Their ids by the time they are due.
  std::set<std::pair<system_clock::time_point, std::string>> due_;
  /// Those that have become events which have not ended: their numbers by key.
  std::map<std::string, std::uint64_t> fired_;
  std::deque<dead_letter> dead_;
};

} // namespace

std::shared_ptr<event_store> make_memory_store(journal_rules rules, bool durable) {
  return std::make_shared<memory_store>(std::move(rules), durable);
}

} // namespace tutti
