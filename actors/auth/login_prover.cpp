// Reads and signs on a thread of its own.
#include <actors/auth/login_prover.hpp>

#include <actors/loop/resident.hpp>
#include <actors/loop/run_here.hpp>
#include <base/crypto/exit_guard.hpp>
#include <base/threads/job_door.hpp>
#include <base/threads/off_thread.hpp>

#include <tutti/secret_file.hpp>

#include <caf/send.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace tutti {

/// Tell, to itself: the file that was begun as number `which` should be there by now.
struct file_overdue {
  std::uint64_t which = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, file_overdue& x) {
  return f(caf::meta::type_name("file_overdue"), x.which);
}

namespace {

/// Keeps what was made of a text as long as the text stays the same, but not the text.
template <class Made>
class remembered {
public:
  template <class Parse>
  result<Made> of(const std::string& text, Parse&& parse) {
    auto fresh = crypto::digest(text);
    if (!made_ || fresh != digest_) {
      auto made = parse(text);
      if (!made)
        return made.error();
      made_ = std::move(*made);
      digest_ = std::move(fresh);
    }
    return *made_;
  }

private:
  std::string digest_;
  std::optional<Made> made_;
};

class by_key {
public:
  explicit by_key(crypto::key_source where) : where_(std::move(where)) {}

  bool from_file() const { return !where_.given.path.empty(); }
  std::function<result<std::string>()> reader() const {
    return [where = where_] { return crypto::read_key(where); };
  }
  failure overdue() const {
    return {errc::login_refused, where_.place + ".path: " + file_is_silent(where_.given.path), 0,
            "key_file"};
  }

  result<login_proof> prove(const std::string& text) {
    auto key =
        key_.of(text, [this](const std::string& read) { return crypto::parse_key(read, where_); });
    if (!key)
      return key.error();
    auto jwt = key->sign_login(where_.subject, std::chrono::system_clock::now());
    if (!jwt)
      return jwt.error();
    return login_proof{std::move(*jwt), nullptr};
  }

private:
  crypto::key_source where_;
  remembered<crypto::signing_key> key_;
};

class by_certificate {
public:
  explicit by_certificate(crypto::store_source where) : where_(std::move(where)) {}

  bool from_file() const { return !where_.given.path.empty(); }
  std::function<result<std::string>()> reader() const {
    return [where = where_] { return crypto::read_store(where); };
  }
  failure overdue() const { return where_.wrong(file_is_silent(where_.given.path)); }

  result<login_proof> prove(const std::string& text) {
    // The same object as long as the file is: its connections are found again.
    auto parse = [this](const std::string& bytes) {
      return crypto::client_certificate::parse(bytes, where_);
    };
    auto shown = shown_.of(text, parse);
    if (shown && !(*shown)->in_force()) // It has ended since: parsing says so.
      shown = remembered<std::shared_ptr<const crypto::client_certificate>>{}.of(text, parse);
    if (!shown)
      return shown.error();
    return login_proof{{}, *shown};
  }

private:
  crypto::store_source where_;
  remembered<std::shared_ptr<const crypto::client_certificate>> shown_;
};

/// When a reader has not returned for this long, the next request starts another one.
constexpr std::chrono::minutes patience_with_silence{1};

/// Shared with the threads that read and sign; one that is left behind may come late.
template <class How>
struct shared_proof {
  explicit shared_proof(How source) : how(std::move(source)) {}

  result<login_proof> prove(result<std::string> text) {
    if (!text)
      return text.error();
    auto guard = std::lock_guard{lock};
    auto proof = how.prove(*text);
    cleanse(*text);
    return proof;
  }

  How how;
  std::mutex lock;
};

using prover_base =
    resident<login_prover_actor::extend<caf::reacts_to<run_here>, caf::reacts_to<file_overdue>>>;

template <class How>
class prover_impl final : public prover_base {
public:
  template <class Source>
  prover_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, Source where)
      : prover_base(cfg, unit), made_(std::make_shared<shared_proof<How>>(How{std::move(where)})),
        off_thread_(unit || made_->how.from_file()) {}

  const char* name() const override { return "tutti.prover"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](prove_login) -> caf::result<login_proof> {
          if (off_thread_)
            return when_proven();
          auto proof = made_->prove(made_->how.reader()());
          return proof ? caf::result<login_proof>{std::move(*proof)} : to_error(proof.error());
        },
        [](run_here& what) { what.job(); },
        [this](file_overdue late) {
          if (late.which == reading_)
            settle(made_->how.overdue(), true);
        },
    };
  }

  void on_exit() override {
    close_door();
    settle(failure{errc::shutting_down, "the bot is stopping", 0, {}});
  }

private:
  using promise = caf::typed_response_promise<login_proof>;

  /// One reader for all who ask meanwhile. One that does not come back is not joined by another.
  caf::result<login_proof> when_proven() {
    // Another one from time to time: the file may have been replaced by one that answers.
    if (silent_ && std::chrono::steady_clock::now() - begun_ < patience_with_silence)
      return to_error(made_->how.overdue());
    auto answer = make_response_promise<promise>();
    waiting_.push_back(answer);
    if (waiting_.size() == 1) {
      ++reading_;
      begun_ = std::chrono::steady_clock::now();
      close_door();
      door_ = std::make_shared<job_door>([whom = caf::actor_cast<caf::actor>(this)](auto job) {
        caf::anon_send(whom, run_here{std::move(job)});
      });
      if (made_->how.from_file())
        delayed_send(this, file_patience, file_overdue{reading_});
      run_off_thread([this, door = door_, made = made_]() mutable {
        auto text = made->how.reader()();
        const crypto::exit_guard until_it_is_told;
        // `this` is used by the actor itself only, which the door keeps from outliving.
        door->post([this, proof = made->prove(std::move(text))] { on_proven(proof); });
        made.reset();
      });
    }
    return answer;
  }

  void close_door() {
    if (auto open = std::exchange(door_, nullptr))
      open->close();
  }

  void on_proven(const result<login_proof>& proof) {
    close_door();
    ++reading_;
    silent_ = false;
    settle(proof);
  }

  void settle(const result<login_proof>& proof, bool silent = false) {
    silent_ = silent && !waiting_.empty();
    for (auto& each : std::exchange(waiting_, {}))
      if (proof)
        each.deliver(*proof);
      else
        each.deliver(to_error(proof.error()));
  }

  const std::shared_ptr<shared_proof<How>> made_;
  const bool off_thread_;
  std::shared_ptr<job_door> door_;
  std::vector<promise> waiting_;
  std::uint64_t reading_ = 0;
  std::chrono::steady_clock::time_point begun_;
  /// The file has not answered, and its reader still waits.
  bool silent_ = false;
};

} // namespace

std::string file_is_silent(const std::string& path, std::chrono::milliseconds time) {
  return path + " has not answered for " + std::to_string(time.count()) +
         " ms; is it a pipe, or on a disk of the network that is away?";
}

login_prover_actor spawn_login_prover(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit,
                                      crypto::key_source key) {
  return spawn_resident<prover_impl<by_key>>(system, unit, std::move(key));
}

login_prover_actor spawn_login_prover(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit,
                                      crypto::store_source certificate) {
  return spawn_resident<prover_impl<by_certificate>>(system, unit, std::move(certificate));
}

crypto::store_source certificate_of(const secret_config& given, const std::string& whose) {
  return {given, whose + ".certificate", errc::login_refused, "key_certificate"};
}

} // namespace tutti
