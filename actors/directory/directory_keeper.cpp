// Gathers for a tenth of a second, writes, and begins again.
#include <actors/directory/directory_keeper.hpp>

#include <store/directory_file.hpp>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

namespace tutti {

namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

/// How long changes are gathered before they are written together.
constexpr std::chrono::milliseconds gathering{100};
/// How often an idle bot looks whether its file is still in its place.
constexpr std::chrono::seconds looking{5};
/// How long a file in trouble is left alone.
constexpr std::chrono::seconds trouble_pause{5};
/// How often the file is cleared of what has expired.
constexpr std::chrono::minutes pruning{10};
/// While the file is in trouble, so many changes are kept for it at most.
constexpr std::size_t most_pending = 100'000;

store::im_row row_of(directory::change&& one, steady_clock::time_point now,
                     system_clock::time_point today) {
  store::im_row row{one.key.as, one.key.form, std::move(one.key.users), std::move(one.stream),
                    today};
  row.expires += std::chrono::duration_cast<system_clock::duration>(one.expires - now);
  return row;
}

} // namespace

/// What the thread does. It owns all that it needs, for it may be left behind.
class directory_keeper::work {
public:
  work(std::shared_ptr<directory> known, directory_config settings, std::string owner, logger log)
      : known_(std::move(known)), settings_(std::move(settings)), owner_(std::move(owner)),
        log_(std::move(log)) {}

  void run() {
    // Also without a change: a file that could not be read is tried until it can.
    auto good = open();
    {
      auto guard = std::lock_guard{lock_};
      tried_ = true;
      changed_.notify_all();
    }
    while (true) {
      {
        auto guard = std::unique_lock{lock_};
        auto woken = [this] { return ending_ || known_->has_changes(); };
        if (good)
          changed_.wait_for(guard, looking, woken);
        else
          changed_.wait_for(guard, trouble_pause, [this] { return ending_; });
        if (ending_)
          break;
        if (good && known_->has_changes())
          changed_.wait_for(guard, gathering, [this] { return ending_; });
      }
      gather();
      good = write();
    }
    gather();
    write();
    auto guard = std::lock_guard{lock_};
    ended_ = true;
    changed_.notify_all();
  }

  void wait_until_tried(steady_clock::time_point until) {
    auto guard = std::unique_lock{lock_};
    changed_.wait_until(guard, until, [this] { return tried_; });
  }

  void wake() {
    auto guard = std::lock_guard{lock_};
    changed_.notify_all();
  }

  bool end(steady_clock::time_point until) {
    auto guard = std::unique_lock{lock_};
    ending_ = true;
    changed_.notify_all();
    return changed_.wait_until(guard, until, [this] { return ended_; });
  }

  const std::shared_ptr<directory>& known() const { return known_; }

private:
  /// Takes over what the directory has learnt.
  void gather() {
    auto now = steady_clock::now();
    auto today = system_clock::now();
    for (auto& each : known_->take_changes())
      pending_.push_back(row_of(std::move(each), now, today));
    if (pending_.size() > most_pending && in_trouble_)
      pending_.erase(pending_.begin(), pending_.end() - most_pending);
  }

  /// False when the file is in trouble.
  bool write() {
    if (file_ && !file_->is_in_place())
      replace();
    if (!file_ && !open())
      return false;
    if (pending_.empty())
      return true;
    auto written = file_->write(pending_);
    if (auto own = known_->caller(); written && own && own != file_->owner_id())
      written = file_->owner_is(*own);
    note(written);
    if (!written)
      return false;
    pending_.clear();
    if (steady_clock::now() - pruned_ >= pruning)
      prune();
    return true;
  }

  /// The file is gone: another one gets all that is known.
  void replace() {
    file_.reset();
    log_.warn(
        "directory_file_replaced",
        {{"path", settings_.path},
         {"why", "it was deleted or replaced while the bot runs; what is known is written again"}});
    auto now = steady_clock::now();
    auto today = system_clock::now();
    auto newest = std::exchange(pending_, {});
    for (auto& each : known_->all())
      pending_.push_back(row_of(std::move(each), now, today));
    std::move(newest.begin(), newest.end(), std::back_inserter(pending_));
  }

  /// Opens the file and reads it.
  bool open() {
    auto opened = store::directory_file::open(settings_.path, owner_);
    if (opened)
      if (auto read = load(*opened); !read)
        opened = read.error();
    if (opened)
      file_.emplace(std::move(*opened));
    note(opened ? result<void>{} : opened.error());
    if (file_)
      prune();
    return file_.has_value();
  }

  result<void> load(store::directory_file& from) {
    std::size_t count = 0;
    // What was learnt since, or forgotten, is newer than the file.
    std::unordered_set<im_key> newer;
    for (const auto& each : pending_)
      newer.insert({each.as, each.form, each.users});
    auto now = steady_clock::now();
    auto today = system_clock::now();
    auto latest = today + settings_.ttl;
    auto read = from.load(settings_.capacity, today, [&](store::im_row&& row) {
      if (newer.contains({row.as, row.form, row.users}))
        return;
      ++count;
      // A clock that was ahead when the row was written must not make it last for years.
      auto lasts = std::min(row.expires, latest) - today;
      known_->restore({row.as, row.form, std::move(row.users)}, *row.stream,
                      now + std::chrono::duration_cast<steady_clock::duration>(lasts));
    });
    if (!read)
      return read;
    if (auto own = from.owner_id(); own && !known_->caller())
      known_->caller_is(*own);
    log_.info("directory_read", {{"path", settings_.path}, {"ims", std::to_string(count)}});
    return from.clamp(latest);
  }

  void prune() {
    pruned_ = steady_clock::now();
    note(file_->prune(settings_.capacity, system_clock::now()));
  }

  /// Logs once that there is trouble, and once that it is over.
  void note(const result<void>& how) {
    auto before = std::exchange(in_trouble_, !how);
    if (!how && !before)
      log_.error("directory_not_kept", {{"why", how.error().detail}});
    if (how && before)
      log_.info("directory_kept_again", {{"path", settings_.path}});
  }

  const std::shared_ptr<directory> known_;
  const directory_config settings_;
  const std::string owner_;
  const logger log_;
  std::mutex lock_;
  std::condition_variable changed_;
  bool ending_ = false;
  bool ended_ = false;
  bool tried_ = false;
  // Of the thread.
  std::optional<store::directory_file> file_;
  std::vector<store::im_row> pending_;
  steady_clock::time_point pruned_;
  bool in_trouble_ = false;
};

directory_keeper::directory_keeper(std::shared_ptr<directory> known,
                                   const directory_config& settings, std::string owner, logger log)
    : work_(std::make_shared<work>(std::move(known), settings, std::move(owner), std::move(log))) {
  // First: without the thread nothing would end what is then called.
  std::thread{[work = work_] { work->run(); }}.detach();
  work_->known()->note_changes([work = work_] { work->wake(); });
}

directory_keeper::~directory_keeper() {
  if (work_)
    end(steady_clock::time_point::max());
}

void directory_keeper::wait_until_read(steady_clock::time_point until) {
  work_->wait_until_tried(until);
}

bool directory_keeper::end(steady_clock::time_point until) noexcept {
  // As late as clocks can count.
  until = std::min(until, steady_clock::now() + std::chrono::hours{24});
  if (!work_->end(until))
    return false;
  work_->known()->note_changes(nullptr);
  work_ = nullptr;
  return true;
}

} // namespace tutti
