// Askers: keep so many Create IM requests open and note what became of them.
#pragma once

#include <actors/loop/resident.hpp>

#include <tutti/protocol/im.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

namespace tutti::bench {

/// The first id of the callers; no request has one of them as participant.
inline constexpr std::int64_t first_identity = 1'000'000;

/// Ask: so many requests, so many of them open at a time.
struct lap {
  std::int64_t requests = 0;
  std::int64_t open = 0;
  /// The participants: users from `first` on, one each, going round after so many.
  std::int64_t users = 1;
  std::int64_t first = 1;
  /// In whose name: so many users, in turns; 0: the bot's own.
  std::int64_t identities = 0;
  /// 0: the next as soon as one has ended. Else so many a second whatever becomes of them.
  std::int64_t per_second = 0;
};

/// Answer: all have ended.
struct lap_done {
  std::int64_t from_pod = 0;
  std::int64_t from_directory = 0;
  std::int64_t joined = 0;
  std::int64_t failed = 0;
  /// From the moment each should have been asked to its answer.
  std::shared_ptr<std::vector<std::chrono::nanoseconds>> latencies;
};

struct lap_turn {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lap& x) {
  return f(caf::meta::type_name("lap"), x.requests, x.open, x.users, x.first, x.identities,
           x.per_second);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lap_turn&) {
  return f(caf::meta::type_name("lap_turn"));
}

using asker_actor =
    caf::typed_actor<caf::replies_to<lap>::with<lap_done>, caf::reacts_to<lap_turn>>;

} // namespace tutti::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::bench::lap_done)

namespace tutti::bench {

/// `Base` is an author's ordinary actor class, or a resident's.
template <class Base>
class asker final : public Base {
public:
  asker(caf::actor_config& cfg, im_actor im) : Base(cfg), im_(std::move(im)) {}
  asker(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, im_actor im)
      : Base(cfg, std::move(unit)), im_(std::move(im)) {}

protected:
  typename Base::behavior_type make_behavior() override {
    return {
        [this](const lap& wanted) {
          promise_ = this->template make_response_promise<caf::typed_response_promise<lap_done>>();
          wanted_ = wanted;
          asked_ = open_ = 0;
          done_ = {};
          done_.latencies = std::make_shared<std::vector<std::chrono::nanoseconds>>();
          done_.latencies->reserve(static_cast<std::size_t>(wanted.requests));
          began_ = clock::now();
          turn();
          return promise_;
        },
        [this](lap_turn) { turn(); },
    };
  }

private:
  using clock = std::chrono::steady_clock;

  void turn() {
    if (wanted_.per_second == 0) {
      while (asked_ < wanted_.requests && open_ < wanted_.open)
        ask_next(clock::now());
      return;
    }
    ask_due();
    if (asked_ < wanted_.requests)
      this->delayed_send(this, std::chrono::milliseconds{1}, lap_turn{});
  }

  void ask_due() {
    while (asked_ < wanted_.requests && due(asked_) <= clock::now())
      ask_next(due(asked_));
  }

  clock::time_point due(std::int64_t number) const {
    return began_ + std::chrono::nanoseconds{number * 1'000'000'000 / wanted_.per_second};
  }

  void ask_next(clock::time_point since) {
    ++asked_;
    ++open_;
    next_ = (next_ + 1) % wanted_.users;
    auto wanted = create_im{.participants = {*user_id::make(wanted_.first + next_)}};
    if (wanted_.identities > 0) {
      if (next_ == 0) // Each of them asks for every user.
        whose_ = (whose_ + 1) % wanted_.identities;
      wanted.as = identity::on_behalf_of(*user_id::make(first_identity + whose_));
    }
    auto good = [this, since](const im_created& opened) {
      ++(opened.origin == im_origin::pod         ? done_.from_pod
         : opened.origin == im_origin::directory ? done_.from_directory
                                                 : done_.joined);
      ended(since);
    };
    auto bad = [this, since](const caf::error& error) {
      if (done_.failed++ == 0)
        std::fprintf(stderr, "tutti-bench: %s\n", to_string(to_failure(error)).c_str());
      ended(since);
    };
    if constexpr (std::is_base_of_v<asker_actor::base, Base> &&
                  !std::is_same_v<asker_actor::base, Base>)
      this->ask(im_, std::move(wanted), good, bad); // As Tutti's own actors do.
    else
      this->request(im_, caf::infinite, std::move(wanted)).then(good, bad);
  }

  void ended(clock::time_point since) {
    --open_;
    done_.latencies->push_back(clock::now() - since);
    if (wanted_.per_second > 0)
      ask_due(); // Not only once a millisecond; as the bare client does.
    else if (asked_ < wanted_.requests)
      ask_next(clock::now());
    if (open_ == 0 && asked_ == wanted_.requests)
      promise_.deliver(std::move(done_));
  }

  im_actor im_;
  caf::typed_response_promise<lap_done> promise_;
  lap wanted_;
  clock::time_point began_;
  std::int64_t asked_ = 0;
  std::int64_t open_ = 0;
  std::int64_t next_ = 0;
  std::int64_t whose_ = 0;
  lap_done done_;
};

} // namespace tutti::bench
