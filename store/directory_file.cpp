// SQL for directory_file.hpp.
#include <store/directory_file.hpp>

#include <store/sqlite.hpp>

#include <cstring>
#include <sys/stat.h>
#include <vector>

namespace tutti::store {

namespace {

using std::chrono::system_clock;

/// Of the file, as `PRAGMA user_version`.
constexpr int layout = 2;

constexpr const char* tables = R"(
  CREATE TABLE IF NOT EXISTS owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    user INTEGER);
  CREATE TABLE IF NOT EXISTS ims (
    owner INTEGER NOT NULL, acting INTEGER NOT NULL, form INTEGER NOT NULL, users BLOB NOT NULL,
    stream TEXT NOT NULL, expires INTEGER NOT NULL,
    PRIMARY KEY (owner, acting, form, users)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ims_by_end ON ims (owner, expires);
)";

std::int64_t millis(system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

std::string blob_of(const participant_set& users) {
  std::string bytes;
  for (auto each : users.users()) {
    auto value = each.value();
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return bytes;
}

std::optional<participant_set> users_of(std::string_view bytes) {
  std::vector<user_id> users;
  for (; bytes.size() >= sizeof(std::int64_t); bytes.remove_prefix(sizeof(std::int64_t))) {
    std::int64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    auto user = user_id::make(value);
    if (!user)
      return std::nullopt;
    users.push_back(*user);
  }
  return participant_set::of(users);
}

} // namespace

class directory_file::impl {
public:
  impl(sqlite3* opened, std::string path) : path_(std::move(path)), file_(opened) {}

  result<void> prepare(const std::string& owner) {
    sqlite3_busy_timeout(file_.get(), 2'000);
    int found = 0;
    {
      statement version{file_.get(), "PRAGMA user_version"};
      if (version.step() != SQLITE_ROW)
        return wrong();
      found = static_cast<int>(version.number(0));
    }
    if (found > layout)
      return failure{errc::misconfigured,
                     "im.directory.path: " + path_ +
                         " was written by a newer version of Tutti; give another path",
                     0,
                     {}};
    // NORMAL: what the process has written survives its end; the file is whole after a power cut.
    if (!run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;") ||
        (found == 1 && !run("ALTER TABLE owners ADD COLUMN user INTEGER")) || !run(tables) ||
        !run(("PRAGMA user_version = " + std::to_string(layout)).c_str()))
      return wrong();
    statement add{file_.get(), "INSERT OR IGNORE INTO owners (name) VALUES (?)"};
    if (!add.bind(1, owner).run())
      return wrong();
    statement find{file_.get(), "SELECT id, user FROM owners WHERE name = ?"};
    if (find.bind(1, owner).step() != SQLITE_ROW)
      return wrong();
    owner_ = find.number(0);
    if (auto user = user_id::make(find.number(1)))
      user_ = *user;
    struct stat named {};
    if (::stat(path_.c_str(), &named) == 0) {
      inode_ = named.st_ino;
      device_ = named.st_dev;
    }
    put_.emplace(file_.get(), "INSERT OR REPLACE INTO ims VALUES (?, ?, ?, ?, ?, ?)");
    drop_.emplace(file_.get(),
                  "DELETE FROM ims WHERE owner = ? AND acting = ? AND form = ? AND users = ?");
    return {};
  }

  bool is_in_place() const {
    struct stat named {};
    return ::stat(path_.c_str(), &named) == 0 && named.st_ino == inode_ && named.st_dev == device_;
  }

  result<void> clamp(system_clock::time_point latest) {
    statement shorten{file_.get(), "UPDATE ims SET expires = ?1 WHERE owner = ?2 AND expires > ?1"};
    return shorten.bind(1, millis(latest)).bind(2, owner_).run() ? result<void>{} : wrong();
  }

  result<void> load(std::size_t most, system_clock::time_point now,
                    const std::function<void(im_row&&)>& visit) {
    statement all{file_.get(),
                  "SELECT acting, form, users, stream, expires FROM ims WHERE owner = ? "
                  "AND expires > ? ORDER BY expires DESC LIMIT ?"};
    all.bind(1, owner_).bind(2, millis(now)).bind(3, static_cast<std::int64_t>(most));
    int end = SQLITE_DONE;
    while ((end = all.step()) == SQLITE_ROW) {
      im_row row;
      if (auto user = user_id::make(all.number(0)))
        row.as = identity::on_behalf_of(*user);
      row.form = all.number(1) == 0 ? im_form::inclusive : im_form::admin;
      auto users = users_of(all.bytes(2));
      auto stream = stream_id::make(all.text(3));
      if (!users || users->empty() || !stream)
        continue; // Tutti did not write this row: the pod will be asked.
      row.users = std::move(*users);
      row.stream = std::move(*stream);
      row.expires = system_clock::time_point{std::chrono::milliseconds{all.number(4)}};
      visit(std::move(row));
    }
    return end == SQLITE_DONE ? result<void>{} : wrong();
  }

  std::optional<user_id> owner_id() const { return user_; }

  result<void> owner_is(user_id user) {
    statement set{file_.get(), "UPDATE owners SET user = ? WHERE id = ?"};
    if (!set.bind(1, user.value()).bind(2, owner_).run())
      return wrong();
    user_ = user;
    return {};
  }

  result<void> write(std::span<const im_row> rows) {
    if (!run("BEGIN IMMEDIATE"))
      return wrong();
    for (const auto& row : rows)
      if (!write(row))
        return undo();
    return run("COMMIT") ? result<void>{} : undo();
  }

  result<void> prune(std::size_t most, system_clock::time_point now) {
    statement expired{file_.get(), "DELETE FROM ims WHERE owner = ? AND expires <= ?"};
    if (!expired.bind(1, owner_).bind(2, millis(now)).run())
      return wrong();
    statement surplus{
        file_.get(),
        "DELETE FROM ims WHERE owner = ?1 AND (acting, form, users) IN (SELECT acting, "
        "form, users FROM ims WHERE owner = ?1 ORDER BY expires DESC LIMIT -1 OFFSET ?2)"};
    surplus.bind(1, owner_).bind(2, static_cast<std::int64_t>(most));
    return surplus.run() ? result<void>{} : wrong();
  }

  /// What SQLite says last, with the file and the way out.
  failure wrong() const {
    return {
        errc::misconfigured,
        "im.directory.path: " + path_ + ": " + sqlite3_errmsg(file_.get()) +
            "; known IMs are not kept on disk, everything else works. See to the file, its folder "
            "and the space there, or leave im.directory.path out",
        0,
        {}};
  }

private:
  bool run(const char* sql) {
    return sqlite3_exec(file_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  }

  bool write(const im_row& row) {
    auto users = blob_of(row.users);
    auto& what = row.stream ? *put_ : *drop_;
    what.bind(1, owner_)
        .bind(2, row.as.user().value())
        .bind(3, row.form == im_form::inclusive ? 0 : 1)
        .bind_blob(4, users);
    if (row.stream)
      what.bind(5, row.stream->text()).bind(6, millis(row.expires));
    return what.run();
  }

  failure undo() {
    auto why = wrong();
    run("ROLLBACK");
    return why;
  }

  std::string path_;
  std::unique_ptr<sqlite3, closer> file_;
  std::int64_t owner_ = 0;
  std::optional<user_id> user_;
  ino_t inode_ = 0;
  dev_t device_ = 0;
  // After the file: they end before it.
  std::optional<statement> put_;
  std::optional<statement> drop_;
};

directory_file::directory_file(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
directory_file::directory_file(directory_file&&) noexcept = default;
directory_file& directory_file::operator=(directory_file&&) noexcept = default;
directory_file::~directory_file() = default;

result<directory_file> directory_file::open(const std::string& path, const std::string& owner) {
  sqlite3* opened = nullptr;
  auto status =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto made = std::make_unique<impl>(opened, path);
  if (status != SQLITE_OK)
    return made->wrong();
  if (auto ready = made->prepare(owner); !ready)
    return ready.error();
  return directory_file{std::move(made)};
}

bool directory_file::is_in_place() const {
  return impl_->is_in_place();
}

result<void> directory_file::clamp(system_clock::time_point latest) {
  return impl_->clamp(latest);
}

result<void> directory_file::load(std::size_t most, system_clock::time_point now,
                                  const std::function<void(im_row&&)>& visit) {
  return impl_->load(most, now, visit);
}

std::optional<user_id> directory_file::owner_id() const {
  return impl_->owner_id();
}

result<void> directory_file::owner_is(user_id user) {
  return impl_->owner_is(user);
}

result<void> directory_file::write(std::span<const im_row> rows) {
  return impl_->write(rows);
}

result<void> directory_file::prune(std::size_t most, system_clock::time_point now) {
  return impl_->prune(most, now);
}

} // namespace tutti::store
