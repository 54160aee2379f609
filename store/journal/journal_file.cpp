// SQL for journal_file.hpp.
#include <store/journal/journal_file.hpp>

#include <store/journal/journal_statements.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tutti::store {

namespace {

using std::chrono::system_clock;

/// Of the file, as `PRAGMA user_version`.
constexpr int layout = 1;
/// Dead letters that are kept; older ones make room.
constexpr std::int64_t most_dead = 10'000;
/// Marks a journal among other files of SQLite (`PRAGMA application_id`): "ttij".
constexpr std::int64_t application = 0x7474696a;

constexpr const char* tables = R"(
  CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, owner TEXT NOT NULL,
    holder TEXT NOT NULL, epoch INTEGER NOT NULL, feed TEXT, ack TEXT, tail INTEGER NOT NULL,
    read_at INTEGER NOT NULL, gap INTEGER);
  CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, p INTEGER NOT NULL,
    stream TEXT NOT NULL, kind TEXT NOT NULL, key TEXT, at INTEGER NOT NULL,
    caught_up INTEGER NOT NULL, body BLOB NOT NULL, ended INTEGER, why TEXT);
  CREATE UNIQUE INDEX IF NOT EXISTS event_key ON event (key) WHERE key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS event_open ON event (seq) WHERE ended IS NULL;
  CREATE INDEX IF NOT EXISTS event_ended ON event (ended) WHERE ended IS NOT NULL AND why IS NULL;
  CREATE INDEX IF NOT EXISTS event_dead ON event (seq) WHERE why IS NOT NULL;
  CREATE TABLE IF NOT EXISTS state (stream TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (stream, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS timer (id TEXT PRIMARY KEY, stream TEXT NOT NULL, due INTEGER NOT NULL,
    payload BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS timer_due ON timer (due);
)";

std::int64_t millis(system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

system_clock::time_point time_of(std::int64_t ms) {
  return system_clock::time_point{std::chrono::milliseconds{ms}};
}

} // namespace

class journal_file::impl {
public:
  impl(sqlite3* opened, std::string path) : path_(std::move(path)), file_(opened) {}

  result<void> prepare(const journal_rules& rules, const std::string& holder) {
    // The lock is held until the file is closed: a second process gets none.
    if (!run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
             "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;") ||
        !run("BEGIN IMMEDIATE"))
      return wrong_at_start();
    if (auto good = check_layout(); !good)
      return good;
    if (!run(tables) || !run(("PRAGMA user_version = " + std::to_string(layout)).c_str()) ||
        !run(("PRAGMA application_id = " + std::to_string(application)).c_str()))
      return wrong_at_start();
    if (auto good = take_lease(rules, holder); !good)
      return good;
    if (!run("COMMIT"))
      return wrong_at_start();
    kept_ = rules.kept;
    return {};
  }

  bool run(const char* sql) {
    return sqlite3_exec(file_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  }

  failure wrong() const {
    return {errc::unreachable,
            "journal.path: " + path_ + " cannot be written: " + sqlite3_errmsg(file_.get()) +
                "; nothing is acknowledged until it can",
            0, "journal"};
  }

  failure wrong_at_start() const {
    const auto code = sqlite3_errcode(file_.get()) & 0xFF;
    const auto says = std::string{sqlite3_errmsg(file_.get())};
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
      return may_pass("is in use by another process; a journal belongs to one bot process: stop "
                      "that one, or give this bot another path");
    if (code == SQLITE_FULL || code == SQLITE_IOERR)
      return may_pass("cannot be written (" + says +
                      "); make room on its disk, and check that it "
                      "is an ordinary file on a disk that may be written");
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
      return refusal("is damaged or no journal (" + says +
                     "); move it away, or restore it from a backup");
    if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM)
      return refusal("cannot be opened for writing (" + says +
                     "); check that the folder exists and that the bot may write in it");
    return refusal("cannot be worked with: " + says);
  }

  /// Another start may succeed.
  failure may_pass(const std::string& why) const {
    return {errc::unreachable, "journal.path: " + path_ + " " + why, 0, "journal"};
  }

  failure refusal(const std::string& why) const {
    return {errc::misconfigured, "journal.path: " + path_ + " " + why, 0, "journal"};
  }

  static failure old_lease() {
    return {errc::rejected, "the journal has been opened by another holder since", 0, "lease"};
  }

  std::string path_;
  std::unique_ptr<sqlite3, closer> file_;
  store_lease lease_;
  std::optional<feed_position> feed_;
  std::uint64_t tail_ = 0;
  /// As it was at the last commit.
  std::uint64_t committed_tail_ = 0;
  std::chrono::minutes kept_{15};
  /// Of the file that is open: its path may come to name another one, or none.
  ino_t inode_ = 0;

  std::optional<journal_statements> with_;

private:
  result<void> check_layout() {
    std::int64_t version = 0;
    std::int64_t kind = 0;
    std::int64_t tables_there = 0;
    for (auto [sql, into] :
         {std::pair{"PRAGMA user_version", &version}, std::pair{"PRAGMA application_id", &kind},
          std::pair{"SELECT count(*) FROM sqlite_master", &tables_there}}) {
      statement asked{file_.get(), sql};
      if (asked.step() != SQLITE_ROW)
        return wrong_at_start();
      *into = asked.number(0);
    }
    if (tables_there > 0 && kind != application)
      return refusal("is a file of another program; give another path");
    if (version > layout)
      return refusal("was written by a newer version of Tutti; give another path, or use that "
                     "version");
    if (tables_there > 0) {
      statement check{file_.get(), "PRAGMA quick_check(1)"};
      if (check.step() != SQLITE_ROW)
        return wrong_at_start();
      if (check.text(0) != "ok")
        return refusal("is damaged (" + std::string{check.text(0)} +
                       "); move it away, or restore it from a backup");
    }
    return {};
  }

  result<void> take_lease(const journal_rules& rules, const std::string& holder) {
    statement add{file_.get(),
                  "INSERT OR IGNORE INTO journal VALUES (1, ?, '', 0, NULL, NULL, 0, 0, NULL)"};
    if (!add.bind(1, rules.owner).run())
      return wrong_at_start();
    statement take{file_.get(), "UPDATE journal SET holder = ?, epoch = epoch + 1 "
                                "RETURNING owner, epoch, feed, ack, tail, read_at, gap"};
    if (take.bind(1, holder).step() != SQLITE_ROW)
      return wrong_at_start();
    if (auto owner = take.text(0); owner != rules.owner)
      return refusal("is the journal of " + std::string{owner} + ", not of " + rules.owner +
                     "; give each bot a path of its own");
    lease_ = {holder, static_cast<std::uint64_t>(take.number(1))};
    if (!take.is_null(2)) {
      feed_ = feed_position{
          std::string{take.text(2)}, std::string{take.text(3)}, time_of(take.number(5)), {}};
      if (!take.is_null(6))
        feed_->gap_since = time_of(take.number(6));
    }
    tail_ = committed_tail_ = static_cast<std::uint64_t>(take.number(4));
    return {};
  }
};

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
