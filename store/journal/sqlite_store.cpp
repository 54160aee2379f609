// The journal in a file: a thread that carries out what has come, many operations in one commit.
#include <store/journal/journal_file.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace tutti {

namespace {

using std::chrono::system_clock;

class sqlite_store final : public event_store {
public:
  sqlite_store(std::string path, journal_rules rules)
      : path_(std::move(path)), rules_(std::move(rules)), thread_([this] { work(); }) {}

  ~sqlite_store() override {
    {
      auto guard = std::lock_guard{lock_};
      ending_ = true;
    }
    came_.notify_one();
    thread_.join();
  }

  void open(std::string holder, done<journal_contents> answer) override {
    enqueue(
        {[this, holder = std::move(holder), answer = std::move(answer)]() -> then {
           file_
               .reset(); // One process, one file: a second opening would meet the first one's lock.
           auto opened = store::journal_file::open(path_, rules_, holder);
           if (!opened)
             return {std::nullopt, [answer, why = opened.error()] { answer(why); }};
           file_.emplace(std::move(*opened));
           return {std::nullopt, [answer, found = file_->contents()] { answer(found); }};
         },
         kind::opening,
         {}});
  }

  void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
              done<append_outcome> answer) override {
    write<append_outcome>(
        [lease, at = std::move(at), events = std::move(events)](store::journal_file& file) mutable {
          return file.append(lease, at, std::move(events));
        },
        std::move(answer));
  }

  void fetch(std::uint64_t after, std::size_t limit,
             done<std::vector<stored_event>> answer) override {
    write<std::vector<stored_event>>(
        [after, limit](store::journal_file& file) { return file.fetch(after, limit); },
        std::move(answer));
  }

  void end(const store_lease& lease, std::vector<event_end> ended, system_clock::time_point now,
           done<void> answer) override {
    write<void>([lease, ended = std::move(ended),
                 now](store::journal_file& file) { return file.end(lease, ended, now); },
                std::move(answer));
  }

  void state_of(std::string scope,
                done<std::vector<std::pair<std::string, std::string>>> answer) override {
    write<std::vector<std::pair<std::string, std::string>>>(
        [scope = std::move(scope)](store::journal_file& file) { return file.state_of(scope); },
        std::move(answer));
  }

  void fire_timers(const store_lease& lease, system_clock::time_point by, std::size_t limit,
                   done<timers_fired> answer) override {
    write<timers_fired>(
        [lease, by, limit](store::journal_file& file) {
          return file.fire_timers(lease, by, limit);
        },
        std::move(answer));
  }

  void dead_letters(std::size_t limit, done<std::vector<dead_letter>> answer) override {
    write<std::vector<dead_letter>>(
        [limit](store::journal_file& file) { return file.dead_letters(limit); }, std::move(answer));
  }

  void prune(system_clock::time_point now, done<std::size_t> answer) override {
    write<std::size_t>([now](store::journal_file& file) { return file.prune(now); },
                       std::move(answer));
  }

  bool durable() const noexcept override { return true; }

private:
  /// What an operation came to: why the file could not be written, and the answer for when what it
  /// did is committed.
  struct then {
    std::optional<failure> broken;
    std::function<void()> answer;
  };

  enum class kind { opening, other };

  struct operation {
    std::function<then()> act;
    kind what = kind::other;
    std::function<void(const failure&)> fail;
  };

  template <class T, class Act>
  void write(Act act, done<T> answer) {
    auto shared = std::make_shared<done<T>>(std::move(answer));
    auto kept = std::make_shared<Act>(std::move(act));
    enqueue({[this, kept, shared]() -> then {
               auto outcome = std::make_shared<result<T>>((*kept)(*file_));
               if (!*outcome && outcome->error().error == errc::unreachable)
                 return {outcome->error(), {}};
               return {std::nullopt, [shared, outcome] { (*shared)(std::move(*outcome)); }};
             },
             kind::other, [shared](const failure& why) { (*shared)(why); }});
  }

  void enqueue(operation what) {
    {
      auto guard = std::lock_guard{lock_};
      waiting_.push_back(std::move(what));
    }
    came_.notify_one();
  }

  void work() {
    while (true) {
      std::deque<operation> batch;
      {
        auto guard = std::unique_lock{lock_};
        came_.wait(guard, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty())
          return;
        batch.swap(waiting_);
      }
      carry_out(batch);
    }
  }

  /// In their order; those between two openings in one commit. Nothing is answered before it.
  void carry_out(std::deque<operation>& batch) {
    while (!batch.empty()) {
      if (batch.front().what == kind::opening) {
        batch.front().act().answer();
        batch.pop_front();
        continue;
      }
      auto end = std::find_if(batch.begin(), batch.end(),
                              [](const auto& each) { return each.what == kind::opening; });
      commit({std::make_move_iterator(batch.begin()), std::make_move_iterator(end)});
      batch.erase(batch.begin(), end);
    }
  }

  void commit(std::vector<operation> group) {
    static const failure not_open{errc::unreachable, "the journal is not open", 0, "journal"};
    auto fail_all = [&](const failure& why) {
      for (auto& each : group)
        each.fail(why);
    };
    if (!file_)
      return fail_all(not_open);
    if (auto begun = file_->begin(); !begun)
      return fail_all(begun.error());
    std::vector<std::function<void()>> answers;
    for (auto& each : group) {
      auto [broken, answer] = each.act();
      if (broken) {
        file_->roll_back();
        return fail_all(*broken);
      }
      answers.push_back(std::move(answer));
    }
    if (auto kept = file_->commit(); !kept)
      return fail_all(kept.error());
    for (auto& each : answers)
      each();
  }

  std::string path_;
  journal_rules rules_;
  /// The thread's own.
  std::optional<store::journal_file> file_;
  std::mutex lock_;
  std::condition_variable came_;
  std::deque<operation> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace

std::shared_ptr<event_store> make_sqlite_store(std::string path, journal_rules rules) {
  return std::make_shared<sqlite_store>(std::move(path), std::move(rules));
}

} // namespace tutti
