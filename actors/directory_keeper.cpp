// Gathers for a tenth of a second, writes, and begins again.
#include <actors/directory_keeper.hpp>

#include <actors/store/im_file.hpp>

#include <optional>
#include <utility>

namespace tutti {

namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

/// Changes are gathered for so long before they are written together.
constexpr std::chrono::milliseconds gathering{100};
/// A file in trouble is tried again so often.
constexpr std::chrono::seconds trouble_pause{5};
/// The file is cleared of what has expired so often.
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

/// What the thread does; it holds the file.
class directory_keeper::work {
public:
  work(directory& known, const std::string& path, const std::string& owner, std::size_t capacity,
       const logger& log)
      : known_(known), path_(path), owner_(owner), capacity_(capacity), log_(log) {}

  void begin() {
    if (!open())
      return;
    std::size_t count = 0;
    auto now = steady_clock::now();
    auto today = system_clock::now();
    auto read = file_->load(capacity_, today, [&](store::im_row&& row) {
      ++count;
      known_.restore({row.as, row.form, std::move(row.users)}, *row.stream,
                     now + std::chrono::duration_cast<steady_clock::duration>(row.expires - today));
    });
    note(read);
    if (auto own = file_->owner_id(); own && !known_.caller())
      known_.caller_is(*own);
    log_.info("directory_read", {{"path", path_}, {"ims", std::to_string(count)}});
    prune();
  }

  /// Takes over what the directory has learnt.
  void gather() {
    auto now = steady_clock::now();
    auto today = system_clock::now();
    for (auto& each : known_.take_changes())
      pending_.push_back(row_of(std::move(each), now, today));
    if (pending_.size() > most_pending && in_trouble_)
      pending_.erase(pending_.begin(), pending_.end() - most_pending);
  }

  /// False when the file is in trouble.
  bool write() {
    if (pending_.empty())
      return true;
    if (!file_ && !open())
      return false;
    auto written = file_->write(pending_);
    if (auto own = known_.caller(); written && own && own != file_->owner_id())
      written = file_->owner_is(*own);
    note(written);
    if (!written)
      return false;
    pending_.clear();
    if (steady_clock::now() - pruned_ >= pruning)
      prune();
    return true;
  }

private:
  bool open() {
    auto opened = store::im_file::open(path_, owner_);
    if (opened)
      file_.emplace(std::move(*opened));
    note(opened ? result<void>{} : opened.error());
    return file_.has_value();
  }

  void prune() {
    pruned_ = steady_clock::now();
    note(file_->prune(capacity_, system_clock::now()));
  }

  /// Says once that there is trouble, and once that it is over.
  void note(const result<void>& how) {
    auto before = std::exchange(in_trouble_, !how);
    if (!how && !before)
      log_.error("directory_not_kept", {{"why", how.error().detail}});
    if (how && before)
      log_.info("directory_kept_again", {{"path", path_}});
  }

  directory& known_;
  const std::string& path_;
  const std::string& owner_;
  std::size_t capacity_;
  const logger& log_;
  std::optional<store::im_file> file_;
  std::vector<store::im_row> pending_;
  steady_clock::time_point pruned_;
  bool in_trouble_ = false;
};

directory_keeper::directory_keeper(std::shared_ptr<directory> known, std::string path,
                                   std::string owner, std::size_t capacity, logger log)
    : known_(std::move(known)), path_(std::move(path)), owner_(std::move(owner)),
      capacity_(capacity), log_(std::move(log)) {
  known_->note_changes([this] {
    auto guard = std::lock_guard{lock_};
    changed_.notify_one();
  });
  thread_ = std::thread{[this] { run(); }};
}

directory_keeper::~directory_keeper() {
  {
    auto guard = std::lock_guard{lock_};
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  known_->note_changes(nullptr);
}

void directory_keeper::run() {
  work job{*known_, path_, owner_, capacity_, log_};
  job.begin();
  for (bool going = true; going;) {
    {
      auto guard = std::unique_lock{lock_};
      changed_.wait(guard, [this] { return ending_ || known_->has_changes(); });
    }
    pause(gathering);
    job.gather();
    while (!job.write() && pause(trouble_pause))
      job.gather();
    auto guard = std::lock_guard{lock_};
    going = !ending_;
  }
  job.gather();
  job.write();
}

bool directory_keeper::pause(std::chrono::milliseconds time) {
  auto guard = std::unique_lock{lock_};
  return !changed_.wait_for(guard, time, [this] { return ending_; });
}

} // namespace tutti
