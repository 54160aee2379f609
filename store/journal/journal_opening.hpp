// A journal's file while it is opened: whose it is, what layout it has, whether it is whole.
#pragma once

#include <store/journal/journal_file.hpp>
#include <store/journal/journal_statements.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tutti::store {

/// Of the file, as `PRAGMA user_version`.
/// 2: events of timers. A file of 1 has the same tables.
inline constexpr int journal_layout = 2;
/// Marks a journal among other files of SQLite (`PRAGMA application_id`): "ttij".
inline constexpr std::int64_t journal_application = 0x7474696a;

inline constexpr const char* journal_tables = R"(
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

inline std::int64_t millis(std::chrono::system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

inline std::chrono::system_clock::time_point time_of(std::int64_t ms) {
  return std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}};
}

class journal_file::impl {
public:
  impl(sqlite3* opened, std::string path) : path_(std::move(path)), file_(opened) {}

  result<void> prepare(const journal_rules& rules, const std::string& holder) {
    // The lock is held until the file is closed: a second process gets none.
    if (!run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
             "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; "
             "PRAGMA cache_size = -512;") || // In KiB; the system keeps the file's pages as well.
        !run("BEGIN IMMEDIATE"))
      return wrong_at_start();
    if (auto good = check_layout(); !good)
      return good;
    if (!run(journal_tables) ||
        !run(("PRAGMA user_version = " + std::to_string(journal_layout)).c_str()) ||
        !run(("PRAGMA application_id = " + std::to_string(journal_application)).c_str()))
      return wrong_at_start();
    if (auto good = take_lease(rules, holder); !good)
      return good;
    if (!run("COMMIT"))
      return wrong_at_start();
    kept_ = rules.kept;
    newest_ = rules.newest;
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
  std::size_t newest_ = 0;
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
    if (tables_there > 0 && kind != journal_application)
      return refusal("is a file of another program; give another path");
    if (version > journal_layout)
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

} // namespace tutti::store
