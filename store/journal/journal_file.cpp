// What is done to a journal's file, in SQL.
#include <store/journal/fired_keys.hpp>
#include <store/journal/journal_opening.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tutti::store {

namespace {

using std::chrono::system_clock;

/// Dead letters that are kept; older ones make room.
constexpr std::int64_t most_dead = 10'000;

} // namespace

journal_file::journal_file(std::unique_ptr<impl> opened) : impl_(std::move(opened)) {}
journal_file::journal_file(journal_file&&) noexcept = default;
journal_file& journal_file::operator=(journal_file&&) noexcept = default;
journal_file::~journal_file() = default;

result<journal_file> journal_file::open(const std::string& path, const journal_rules& rules,
                                        const std::string& holder) {
  sqlite3* opened = nullptr;
  // Message texts are in it: for its owner only. The files beside it get its mode.
  if (const auto made_empty = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
      made_empty >= 0)
    ::close(made_empty);
  const auto code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto made = std::make_unique<impl>(opened, path);
  if (code != SQLITE_OK)
    return made->wrong_at_start();
  if (auto good = made->prepare(rules, holder); !good)
    return good.error();
  made->with_.emplace(opened);
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0)
    made->inode_ = found.st_ino;
  return journal_file{std::move(made)};
}

journal_contents journal_file::contents() const {
  statement count{impl_->file_.get(), "SELECT count(*) FROM event WHERE ended IS NULL"};
  auto open = count.step() == SQLITE_ROW ? static_cast<std::size_t>(count.number(0)) : 0;
  journal_contents found{impl_->lease_, impl_->feed_, open, {}};
  statement newest{impl_->file_.get(),
                   "SELECT stream, max(at) FROM (SELECT stream, at FROM event WHERE "
                   "ended IS NOT NULL AND kind <> 'TIMERDUE' ORDER BY seq DESC LIMIT ?) "
                   "GROUP BY stream"};
  newest.bind(1, static_cast<std::int64_t>(impl_->newest_));
  while (newest.step() == SQLITE_ROW)
    found.newest.emplace_back(newest.text(0), time_of(newest.number(1)));
  return found;
}

result<void> journal_file::begin() {
  struct stat found {};
  if (::stat(impl_->path_.c_str(), &found) != 0 || found.st_ino != impl_->inode_)
    return failure{errc::unreachable,
                   "journal.path: " + impl_->path_ +
                       " was deleted or replaced while the bot runs; nothing is acknowledged any "
                       "more: put it back, or start the bot again",
                   0, "journal"};
  impl_->committed_tail_ = impl_->tail_;
  if (!impl_->run("BEGIN IMMEDIATE"))
    return impl_->wrong();
  return {};
}

result<void> journal_file::commit() {
  if (impl_->run("COMMIT"))
    return {};
  auto why = impl_->wrong();
  roll_back();
  return why;
}

void journal_file::roll_back() {
  impl_->run("ROLLBACK");
  impl_->tail_ = impl_->committed_tail_;
}

namespace {

stored_event event_in(statement& row) {
  stored_event read;
  read.number = static_cast<std::uint64_t>(row.number(0));
  read.what.stream = row.text(1);
  read.what.kind = read_event_kind(row.text(2));
  read.what.key = row.text(3);
  read.what.at = time_of(row.number(4));
  read.what.caught_up = row.number(5) != 0;
  read.what.body = row.bytes(6);
  return read;
}

} // namespace

/// Takes the next number for it, unless its key is known.
result<void> journal_file::add(new_event&& what, append_outcome& into) {
  auto& with = *impl_->with_;
  const auto number = impl_->tail_ + 1;
  with.add.bind(1, static_cast<std::int64_t>(number));
  with.add.bind(2, std::int64_t{partition_of(what.stream)});
  with.add.bind(3, what.stream);
  with.add.bind(4, to_string(what.kind));
  if (what.key.empty())
    with.add.bind_null(5);
  else
    with.add.bind(5, what.key);
  with.add.bind(6, millis(what.at));
  with.add.bind(7, std::int64_t{what.caught_up});
  with.add.bind_blob(8, what.body);
  if (!with.add.run())
    return impl_->wrong();
  if (sqlite3_changes(impl_->file_.get()) == 0) {
    ++into.duplicates;
    return {};
  }
  impl_->tail_ = number;
  into.fresh.push_back({number, std::move(what)});
  return {};
}

result<append_outcome> journal_file::append(const store_lease& lease, const feed_position& at,
                                            std::vector<new_event> events) {
  if (lease != impl_->lease_)
    return impl::old_lease();
  auto& with = *impl_->with_;
  append_outcome outcome;
  for (auto& each : events)
    if (auto good = add(std::move(each), outcome); !good)
      return good.error();
  with.move_feed.bind(1, at.feed).bind(2, at.ack_id);
  with.move_feed.bind(3, static_cast<std::int64_t>(impl_->tail_));
  with.move_feed.bind(4, millis(at.read_at));
  if (at.gap_since)
    with.move_feed.bind(5, millis(*at.gap_since));
  else
    with.move_feed.bind_null(5);
  if (!with.move_feed.run())
    return impl_->wrong();
  return outcome;
}

result<std::vector<stored_event>> journal_file::fetch(std::uint64_t after, std::size_t limit) {
  auto& asked = impl_->with_->open_after;
  asked.bind(1, static_cast<std::int64_t>(after)).bind(2, static_cast<std::int64_t>(limit));
  std::vector<stored_event> found;
  int step = 0;
  while ((step = asked.step()) == SQLITE_ROW)
    found.push_back(event_in(asked));
  asked.reset();
  if (step != SQLITE_DONE)
    return impl_->wrong();
  return found;
}

result<void> journal_file::end(const store_lease& lease, const std::vector<event_end>& ended,
                               system_clock::time_point now) {
  if (lease != impl_->lease_)
    return impl::old_lease();
  for (const auto& each : ended) {
    const auto open = each.goes_on ? is_open(each.number) : end_one(each, now);
    if (!open)
      return open.error();
    if (!*open)
      continue; // It has ended already, with what came of it.
    if (!keep(each, now))
      return impl_->wrong();
  }
  return {};
}

result<bool> journal_file::is_open(std::uint64_t number) {
  if (number == 0)
    return true;
  auto& asked = impl_->with_->is_open;
  asked.bind(1, static_cast<std::int64_t>(number));
  const auto step = asked.step();
  asked.reset();
  if (step != SQLITE_ROW && step != SQLITE_DONE)
    return impl_->wrong();
  return step == SQLITE_ROW;
}

/// Whether it had not ended before.
result<bool> journal_file::end_one(const event_end& what, system_clock::time_point now) {
  auto& end = impl_->with_->end;
  end.bind(1, millis(now));
  if (what.given_up)
    end.bind(2, *what.given_up);
  else
    end.bind_null(2);
  end.bind(3, static_cast<std::int64_t>(what.number));
  if (!end.run())
    return impl_->wrong();
  return sqlite3_changes(impl_->file_.get()) > 0;
}

bool journal_file::keep(const event_end& what, system_clock::time_point now) {
  auto& with = *impl_->with_;
  for (const auto& change : what.state) {
    auto& statement = change.value ? with.set_state : with.remove_state;
    statement.bind(1, change.scope).bind(2, change.name);
    if (change.value)
      statement.bind_blob(3, *change.value);
    if (!statement.run())
      return false;
  }
  for (const auto& timer : what.timers) {
    auto& statement = timer.unless_set ? with.set_new_timer : with.set_timer;
    statement.bind(1, timer.id).bind(2, timer.stream).bind(3, millis(timer.due));
    if (!statement.bind_blob(4, timer.payload).run())
      return false;
  }
  for (const auto& id : what.timers_removed) {
    const auto keys = fired_keys(id);
    with.end_fired.bind(1, millis(now)).bind(2, keys.first).bind(3, keys.second);
    with.end_fired.bind(4, static_cast<std::int64_t>(what.number));
    if (!with.remove_timer.bind(1, id).run() || !with.end_fired.run())
      return false;
  }
  return true;
}

result<timers_fired> journal_file::fire_timers(const store_lease& lease,
                                               system_clock::time_point by, std::size_t limit) {
  if (lease != impl_->lease_)
    return impl::old_lease();
  auto& with = *impl_->with_;
  auto due = timers_due(by, limit);
  if (!due)
    return due.error();
  append_outcome outcome;
  for (auto& each : *due) {
    if (!with.remove_timer.bind(1, each.id).run())
      return impl_->wrong();
    new_event what{event_kind::timer_due,  key_of(each), std::move(each.stream), each.due, false,
                   std::move(each.payload)};
    const auto before = outcome.fresh.size();
    while (outcome.fresh.size() == before) { // One of this id and time may have been before.
      if (auto good = add(new_event{what}, outcome); !good)
        return good.error();
      what.key += '+';
    }
  }
  if (!due->empty() && !with.move_tail.bind(1, static_cast<std::int64_t>(impl_->tail_)).run())
    return impl_->wrong();
  timers_fired fired{std::move(outcome.fresh), {}};
  const auto step = with.next_due.step();
  if (step == SQLITE_ROW && !with.next_due.is_null(0))
    fired.next = time_of(with.next_due.number(0));
  with.next_due.reset();
  if (step != SQLITE_ROW)
    return impl_->wrong();
  return fired;
}

result<std::vector<std::pair<std::string, std::string>>>
journal_file::state_of(const std::string& scope) {
  auto& asked = impl_->with_->states;
  asked.bind(1, scope);
  std::vector<std::pair<std::string, std::string>> found;
  int step = 0;
  while ((step = asked.step()) == SQLITE_ROW)
    found.emplace_back(asked.text(0), asked.bytes(1));
  asked.reset();
  if (step != SQLITE_DONE)
    return impl_->wrong();
  return found;
}

result<std::vector<stored_timer>> journal_file::timers_due(system_clock::time_point by,
                                                           std::size_t limit) {
  auto& asked = impl_->with_->due;
  asked.bind(1, millis(by)).bind(2, static_cast<std::int64_t>(limit));
  std::vector<stored_timer> found;
  int step = 0;
  while ((step = asked.step()) == SQLITE_ROW)
    found.push_back({std::string{asked.text(0)}, std::string{asked.text(1)},
                     time_of(asked.number(2)), std::string{asked.bytes(3)}});
  asked.reset();
  if (step != SQLITE_DONE)
    return impl_->wrong();
  return found;
}

result<std::vector<dead_letter>> journal_file::dead_letters(std::size_t limit) {
  auto& asked = impl_->with_->dead;
  asked.bind(1, static_cast<std::int64_t>(limit));
  std::vector<dead_letter> found;
  int step = 0;
  while ((step = asked.step()) == SQLITE_ROW)
    found.insert(found.begin(), {event_in(asked), std::string{asked.text(7)}});
  asked.reset();
  if (step != SQLITE_DONE)
    return impl_->wrong();
  return found;
}

result<std::size_t> journal_file::prune(system_clock::time_point now) {
  if (!impl_->with_->prune.bind(1, millis(now - impl_->kept_)).run())
    return impl_->wrong();
  const auto count = static_cast<std::size_t>(sqlite3_changes(impl_->file_.get()));
  if (!impl_->with_->prune_dead.bind(1, most_dead).run())
    return impl_->wrong();
  return count;
}

} // namespace tutti::store
