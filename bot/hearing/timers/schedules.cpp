#include <bot/hearing/timers/schedules.hpp>

#include <bot/hearing/chat_work.hpp>

#include <tutti/bot.hpp>

#include <algorithm>
#include <utility>

namespace tutti {

namespace {

constexpr std::string_view schedule_prefix = "schedule ";

} // namespace

std::string schedules::add(const std::string& when, event_handler handle,
                           std::chrono::milliseconds late, alive plugin) {
  auto read = schedule::read(when);
  if (!read)
    return "bot.every: " + read.error().detail;
  auto id = std::string{schedule_prefix}.append(when);
  const auto same = std::count_if(all_.begin(), all_.end(), [&](const auto& each) {
    return each.id == id || each.id.starts_with(id + " #");
  });
  if (same > 0)
    id.append(" #").append(std::to_string(same + 1));
  all_.push_back({std::move(id), *read, std::move(handle), late, std::move(plugin)});
  return {};
}

std::vector<stored_timer> schedules::timers(std::chrono::system_clock::time_point now) const {
  std::vector<stored_timer> made;
  made.reserve(all_.size());
  for (const auto& each : all_)
    made.push_back({each.id, each.id, each.when.next(now), {}, true});
  return made;
}

task<bool> schedules::on_timer(chat& where) {
  const auto& what = where.event();
  if (!what.id.starts_with(schedule_prefix))
    co_return false;
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const auto& each) { return each.id == what.id; });
  if (found == all_.end() || !takes_part_(found->plugin))
    co_return true; // Of a program before.
  const auto now = owner_.now();
  if (now - what.at > found->late)
    log_.warn("schedule_skipped",
              {{"schedule", what.id.substr(schedule_prefix.size())},
               {"why", "it was due while the bot did not run, and is too late now"}});
  else
    co_await found->handle(where);
  where.work().more.timers.push_back(
      {found->id, found->id, found->when.next(std::max(now, what.at)), {}});
  co_return true;
}

} // namespace tutti
