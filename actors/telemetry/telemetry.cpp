// Counting, and keeping the list of what is wrong.
#include <actors/telemetry/telemetry.hpp>

#include <algorithm>
#include <utility>

namespace tutti {

// -- endpoints ----------------------------------------------------------------

namespace {

/// A part of a path that names one thing among many: a number, or a long opaque text.
bool is_id(std::string_view part) {
  constexpr std::size_t longest_word = 23;
  return part.size() > longest_word ||
         (!part.empty() && std::all_of(part.begin(), part.end(),
                                       [](unsigned char c) { return c >= '0' && c <= '9'; }));
}

void write_endpoint_path(std::string_view target, std::string& into) {
  into.clear();
  auto path = target.substr(0, target.find('?'));
  while (!path.empty()) {
    auto end = path.find('/', 1);
    auto part = path.substr(0, end);
    if (part.starts_with('/'))
      into += '/';
    auto word = part.substr(part.starts_with('/') ? 1 : 0);
    into += is_id(word) ? std::string_view{"{id}"} : word;
    path.remove_prefix(part.size());
  }
}

} // namespace

std::string endpoint_path(std::string_view target) {
  std::string made;
  write_endpoint_path(target, made);
  return made;
}

endpoint_counters::index endpoint_counters::row_of(std::string_view target) {
  if (target == last_target_ && !target.empty()) // As in a rush on one endpoint.
    return last_row_;
  last_row_ = look_up(target);
  last_target_ = target;
  return last_row_;
}

endpoint_counters::index endpoint_counters::look_up(std::string_view target) {
  write_endpoint_path(target, scratch_);
  if (auto found = known_.find(scratch_); found != known_.end())
    return found->second;
  auto fresh = count_.load(std::memory_order_relaxed);
  if (fresh == max_rows)
    return max_rows - 1;
  auto path = fresh == max_rows - 1 ? std::string{"other"} : scratch_;
  rows_[fresh] = std::make_unique<row>();
  rows_[fresh]->path = path;
  known_.emplace(path, fresh);
  count_.store(fresh + 1, std::memory_order_release);
  return fresh;
}

void endpoint_counters::ended(index which, exchange_end how) noexcept {
  rows_[which]->ended[static_cast<std::size_t>(how)].add();
}

void endpoint_counters::ended(index which, exchange_end how,
                              std::chrono::steady_clock::duration took) noexcept {
  auto& one = *rows_[which];
  one.ended[static_cast<std::size_t>(how)].add();
  const auto* bound = std::lower_bound(latency_bounds.begin(), latency_bounds.end(), took);
  one.latency[static_cast<std::size_t>(bound - latency_bounds.begin())].add();
  one.latency_us.add(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
}

std::vector<endpoint_metrics> endpoint_counters::read() const {
  std::vector<endpoint_metrics> all(count_.load(std::memory_order_acquire));
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].path = rows_[i]->path;
    for (std::size_t k = 0; k < exchange_ends; ++k)
      all[i].ended[k] = rows_[i]->ended[k].now();
    for (std::size_t k = 0; k < all[i].latency.size(); ++k)
      all[i].latency[k] = rows_[i]->latency[k].now();
    all[i].latency_sum = std::chrono::microseconds{rows_[i]->latency_us.now()};
  }
  return all;
}

// -- troubles -------------------------------------------------------------------

void trouble_board::raise(const std::string& what, const std::string& why) {
  {
    auto guard = std::lock_guard{lock_};
    auto [found, fresh] = troubles_.try_emplace(what, entry{std::chrono::system_clock::now(), why});
    if (!fresh && found->second.why == why)
      return;
    found->second.why = why;
    changed();
  }
  tell();
}

void trouble_board::clear(const std::string& what) {
  {
    auto guard = std::lock_guard{lock_};
    if (troubles_.erase(what) == 0)
      return;
    changed();
  }
  tell();
}

void trouble_board::enter(health_state state) {
  {
    auto guard = std::lock_guard{lock_};
    if (state_ == state)
      return;
    state_ = state;
    if (state == health_state::stopped || state == health_state::starting)
      troubles_.clear();
    changed();
  }
  tell();
}

void trouble_board::logged_in() {
  {
    auto guard = std::lock_guard{lock_};
    auto troubled = troubles_.erase(login_trouble) > 0;
    if (!troubled && state_ != health_state::starting)
      return;
    if (state_ == health_state::starting)
      state_ = health_state::ready;
    changed();
  }
  tell();
}

health trouble_board::look() const {
  auto guard = std::lock_guard{lock_};
  health made{seen(), since_, {}};
  for (const auto& [what, each] : troubles_)
    made.troubles.push_back({what, each.since, each.why});
  std::stable_sort(made.troubles.begin(), made.troubles.end(),
                   [](const trouble& a, const trouble& b) { return a.since < b.since; });
  return made;
}

std::string trouble_board::words() const {
  auto guard = std::lock_guard{lock_};
  std::string text;
  for (const auto& [what, each] : troubles_)
    if (what == login_trouble || what.starts_with(host_trouble))
      text.append("; ").append(what).append(": ").append(each.why);
  if (!text.empty())
    return text;
  auto stale = std::chrono::system_clock::now() - std::chrono::minutes{1};
  for (const auto& [what, each] : notes_)
    if (each.since > stale)
      text.append("; ").append(what).append(": ").append(each.why);
  return text;
}

void trouble_board::note(const std::string& endpoint, const std::string& why) {
  auto guard = std::lock_guard{lock_};
  notes_[endpoint] = {std::chrono::system_clock::now(), why};
}

void trouble_board::drop_note(const std::string& endpoint) {
  auto guard = std::lock_guard{lock_};
  notes_.erase(endpoint);
}

void trouble_board::listen(std::function<void()> changed) {
  auto guard = std::lock_guard{lock_};
  listener_ = changed ? std::make_shared<const std::function<void()>>(std::move(changed)) : nullptr;
}

void trouble_board::tell() {
  auto listener = [&] {
    auto guard = std::lock_guard{lock_};
    return listener_;
  }();
  if (listener)
    (*listener)();
}

health_state trouble_board::seen() const {
  return state_ == health_state::ready && !troubles_.empty() ? health_state::degraded : state_;
}

void trouble_board::changed() {
  if (std::exchange(shown_, seen()) != seen())
    since_ = std::chrono::system_clock::now();
}

} // namespace tutti
