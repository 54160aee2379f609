// The journal actor: hands questions to the store, and its answers to those who asked.
#include <actors/journal/journal.hpp>

#include <actors/loop/resident.hpp>
#include <actors/loop/run_here.hpp>
#include <base/containers/slab.hpp>

#include <tutti/ids.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <functional>

namespace tutti {

/// Tell, to itself: forget what is old.
struct prune_journal {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, prune_journal&) {
  return f(caf::meta::type_name("prune_journal"));
}

namespace {

using journal_base =
    resident<journal_actor::extend<caf::reacts_to<run_here>, caf::reacts_to<prune_journal>>>;

constexpr std::chrono::seconds between_prunes{30};

class journal_impl final : public journal_base {
public:
  journal_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
               std::shared_ptr<event_store> kept)
      : journal_base(cfg, std::move(unit)), store_(std::move(kept)) {}

  const char* name() const override { return "tutti.journal"; }

protected:
  behavior_type make_behavior() override {
    delayed_send(this, between_prunes, prune_journal{});
    return {
        [this](open_journal) { return on_open(); },
        [this](append_events& asked) {
          heard_ = std::chrono::system_clock::now();
          return put<append_outcome, append_outcome>(
              [&](auto done) {
                store_->append(lease_, std::move(asked.at), std::move(asked.events), done);
              },
              [](append_outcome&& outcome) { return std::move(outcome); });
        },
        [this](fetch_events asked) {
          return put<events_fetched, std::vector<stored_event>>(
              [&](auto done) { store_->fetch(asked.after, asked.limit, done); },
              [](std::vector<stored_event>&& all) { return events_fetched{std::move(all)}; });
        },
        [this](end_events& asked) { return on_end(std::move(asked)); },
        [this](fire_timers asked) {
          return put<timers_fired, timers_fired>(
              [&](auto done) { store_->fire_timers(lease_, asked.by, asked.limit, done); },
              [](timers_fired&& fired) { return std::move(fired); });
        },
        [this](read_stored_state& asked) {
          using rows = std::vector<std::pair<std::string, std::string>>;
          return put<stored_state_read, rows>(
              [&](auto done) { store_->state_of(std::move(asked.scope), done); },
              [](rows&& all) { return stored_state_read{std::move(all)}; });
        },
        [this](list_dead_letters asked) {
          return put<dead_letters_listed, std::vector<dead_letter>>(
              [&](auto done) { store_->dead_letters(asked.limit, done); },
              [](std::vector<dead_letter>&& all) { return dead_letters_listed{std::move(all)}; });
        },
        [](run_here& what) { what.job(); },
        [this](prune_journal) {
          // A feed that is not read may bring again what ended long ago: its time does not pass.
          store_->prune(heard_, [](const result<std::size_t>&) {});
          delayed_send(this, between_prunes, prune_journal{});
        },
    };
  }

  void on_exit() override {
    for (auto& each : openers_)
      each.fail(this, ending());
    for (auto id : waiting_.ids())
      (*waiting_.take(id))(ending());
  }

private:
  using settle = std::function<void(const failure&)>;

  caf::delegated<journal_contents> on_open() {
    auto reply = take_promise<journal_contents>();
    if (found_) {
      reply.answer(this, journal_contents{*found_});
      return {};
    }
    openers_.push_back(std::move(reply));
    if (openers_.size() == 1) // Each opening is a holder of its own.
      store_->open(std::to_string(call_ticket::next().value()),
                   [self = weak(), this](result<journal_contents> found) {
                     auto shared = std::make_shared<result<journal_contents>>(std::move(found));
                     post(self, [this, shared] { opened(*shared); });
                   });
    return {};
  }

  void opened(const result<journal_contents>& found) {
    if (found) {
      found_ = *found;
      lease_ = found->lease;
    }
    for (auto& each : std::exchange(openers_, {})) {
      if (found)
        each.answer(this, journal_contents{*found});
      else
        each.fail(this, found.error());
    }
  }

  caf::delegated<events_ended> on_end(end_events&& asked) {
    auto promise = std::make_shared<unique_promise<events_ended>>(take_promise<events_ended>());
    auto id = waiting_.insert([this, promise](const failure& why) { promise->fail(this, why); });
    store_->end(lease_, std::move(asked.ended), std::chrono::system_clock::now(),
                [self = weak(), this, id, promise](const result<void>& outcome) {
                  post(self, [this, id, promise, outcome] {
                    if (!waiting_.take(id))
                      return;
                    if (outcome)
                      promise->answer(this, events_ended{});
                    else
                      promise->fail(this, outcome.error());
                  });
                });
    return {};
  }

  /// Asks the store, and owes an `Answer` made of what it says.
  template <class Answer, class Said, class Ask, class Make>
  caf::delegated<Answer> put(Ask ask_store, Make make) {
    auto promise = std::make_shared<unique_promise<Answer>>(take_promise<Answer>());
    auto id = waiting_.insert([this, promise](const failure& why) { promise->fail(this, why); });
    ask_store([self = weak(), this, id, promise, make](result<Said> said) {
      auto shared = std::make_shared<result<Said>>(std::move(said));
      post(self, [this, id, promise, make, shared] {
        if (!waiting_.take(id))
          return;
        if (*shared)
          promise->answer(this, make(std::move(**shared)));
        else
          promise->fail(this, shared->error());
      });
    });
    return {};
  }

  caf::weak_actor_ptr weak() { return caf::weak_actor_ptr{this->ctrl()}; }

  /// From any thread; `take` uses the actor, which runs it only while it lives.
  static void post(const caf::weak_actor_ptr& self, std::function<void()> take) {
    if (auto strong = caf::actor_cast<caf::strong_actor_ptr>(self))
      caf::anon_send(caf::actor_cast<caf::actor>(strong), run_here{std::move(take)});
  }

  std::shared_ptr<event_store> store_;
  store_lease lease_;
  /// When the feed was read last.
  std::chrono::system_clock::time_point heard_{};
  std::optional<journal_contents> found_;
  std::vector<unique_promise<journal_contents>> openers_;
  /// Who waits, to be failed at the end.
  slab<settle> waiting_;
};

} // namespace

journal_actor spawn_journal(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            std::shared_ptr<event_store> kept) {
  return spawn_resident<journal_impl>(system, unit, std::move(kept));
}

} // namespace tutti
