// What is done to a journal's file, in SQL.
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
                   "SELECT stream, max(at) FROM event WHERE ended IS NOT NULL GROUP BY stream"};
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

result<append_outcome> journal_file::append(const store_lease& lease, const feed_position& at,
                                            std::vector<new_event> events) {
  if (lease != impl_->lease_)
    return impl::old_lease();
  auto& with = *impl_->with_;
  append_outcome outcome;
  for (auto& each : events) {
    const auto number = impl_->tail_ + 1;
    with.add.bind(1, static_cast<std::int64_t>(number));
    with.add.bind(2, std::int64_t{partition_of(each.stream)});
    with.add.bind(3, each.stream);
    with.add.bind(4, to_string(each.kind));
    if (each.key.empty())
      with.add.bind_null(5);
    else
      with.add.bind(5, each.key);
    with.add.bind(6, millis(each.at));
    with.add.bind(7, std::int64_t{each.caught_up});
    with.add.bind_blob(8, each.body);
    if (!with.add.run())
      return impl_->wrong();
    if (sqlite3_changes(impl_->file_.get()) == 0) {
      ++outcome.duplicates;
      continue;
    }
    impl_->tail_ = number;
    outcome.fresh.push_back({number, std::move(each)});
  }
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
  auto& with = *impl_->with_;
  for (const auto& each : ended) {
    with.end.bind(1, millis(now));
    if (each.given_up)
      with.end.bind(2, *each.given_up);
    else
      with.end.bind_null(2);
    with.end.bind(3, static_cast<std::int64_t>(each.number));
    auto good = with.end.run();
    if (good && sqlite3_changes(impl_->file_.get()) == 0)
      continue; // It has ended already, with what came of it.
    for (const auto& change : each.state)
      good = good &&
             (change.value ? with.set_state.bind(1, change.stream)
                                 .bind(2, change.name)
                                 .bind_blob(3, *change.value)
                                 .run()
                           : with.remove_state.bind(1, change.stream).bind(2, change.name).run());
    for (const auto& timer : each.timers)
      good = good && with.set_timer.bind(1, timer.id)
                         .bind(2, timer.stream)
                         .bind(3, millis(timer.due))
                         .bind_blob(4, timer.payload)
                         .run();
    for (const auto& id : each.timers_removed)
      good = good && with.remove_timer.bind(1, id).run();
    if (!good)
      return impl_->wrong();
  }
  return {};
}

result<std::vector<std::pair<std::string, std::string>>>
journal_file::state_of(const std::string& stream) {
  auto& asked = impl_->with_->states;
  asked.bind(1, stream);
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
