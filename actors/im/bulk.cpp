// bulk: keeps as many requests at im as each bulk allows.
#include <actors/im/bulk.hpp>

#include <actors/loop/resident.hpp>
#include <actors/requests/asker_is_gone.hpp>
#include <base/containers/slab.hpp>

#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tutti {

namespace {

using bulk_promise = caf::typed_response_promise<ims_opened>;

/// One bulk under way.
struct bulk {
  open_ims asked;
  bulk_promise promise;
  std::vector<im_outcome> outcomes;
  std::vector<bool> settled;
  /// The next set to ask for.
  std::size_t next = 0;
  std::size_t left = 0;
  /// Those at im, by the place of their set.
  std::unordered_map<std::size_t, call_ticket> flying;
};

class bulk_impl final : public resident<bulk_actor> {
public:
  bulk_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, im_actor im)
      : resident<bulk_actor>(cfg, std::move(unit)), im_(std::move(im)) {}

  const char* name() const override { return "tutti.bulk"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](open_ims& asked) { return on_open(std::move(asked)); },
        [this](cancel_bulk what) { on_cancel(what.ticket); },
    };
  }

  void on_exit() override {
    for (auto id : bulks_.ids())
      give_up(id, ending());
    im_ = nullptr;
  }

private:
  using bulk_id = slab<bulk>::id;

  bulk_promise on_open(open_ims&& asked) {
    auto promise = make_response_promise<bulk_promise>();
    if (asked.sets.empty()) {
      promise.deliver(ims_opened{});
      return promise;
    }
    bulk fresh;
    fresh.promise = promise;
    fresh.left = asked.sets.size();
    fresh.outcomes.resize(fresh.left);
    fresh.settled.resize(fresh.left);
    fresh.asked = std::move(asked);
    auto ticket = fresh.asked.ticket;
    auto id = bulks_.insert(std::move(fresh));
    if (ticket)
      tickets_[ticket] = id;
    ask_on(id);
    return promise;
  }

  void ask_on(bulk_id id) {
    auto& one = *bulks_.find(id);
    auto most = std::max<std::size_t>(one.asked.at_once, 1);
    for (; one.flying.size() < most && one.next < one.asked.sets.size(); ++one.next) {
      create_im request;
      request.as = one.asked.as;
      request.participants = std::move(one.asked.sets[one.next]);
      request.form = one.asked.form;
      request.timeout = one.asked.im_timeout;
      request.ticket = call_ticket::next();
      one.flying[one.next] = request.ticket;
      // im always answers, by its own deadline at the latest.
      this->request(im_, caf::infinite, std::move(request))
          .then(
              [this, id, index = one.next](const im_created& opened) {
                on_answer(id, index, {opened, {}});
              },
              [this, id, index = one.next](const caf::error& why) {
                on_answer(id, index, {std::nullopt, to_failure(why)});
              });
    }
  }

  void on_answer(bulk_id id, std::size_t index, im_outcome outcome) {
    auto* one = bulks_.find(id);
    if (!one)
      return;
    one->flying.erase(index);
    settle(*one, index, std::move(outcome));
    if (one->left == 0)
      end(id);
    else if (asker_is_gone(one->promise))
      give_up(id, {errc::cancelled, "the asker has ended", 0, {}});
    else
      ask_on(id);
  }

  void settle(bulk& one, std::size_t index, im_outcome outcome) {
    if (one.asked.watcher)
      caf::anon_send(one.asked.watcher, im_settled{one.asked.ticket, index, outcome});
    one.outcomes[index] = std::move(outcome);
    one.settled[index] = true;
    --one.left;
  }

  void on_cancel(call_ticket ticket) {
    if (auto found = tickets_.find(ticket); found != tickets_.end())
      give_up(found->second, {errc::cancelled, "the asker took the bulk back", 0, {}});
  }

  /// What is not settled yet is not going to be.
  void give_up(bulk_id id, const failure& why) {
    auto& one = *bulks_.find(id);
    for (const auto& [index, ticket] : one.flying)
      caf::anon_send(im_, cancel_im{ticket});
    for (std::size_t i = 0; i < one.settled.size(); ++i)
      if (!one.settled[i])
        settle(one, i, {std::nullopt, why});
    end(id);
  }

  void end(bulk_id id) {
    auto ended = bulks_.take(id);
    if (ended->asked.ticket)
      tickets_.erase(ended->asked.ticket);
    ended->promise.deliver(ims_opened{std::move(ended->outcomes)});
  }

  im_actor im_;
  slab<bulk> bulks_;
  std::unordered_map<call_ticket, bulk_id> tickets_;
};

} // namespace

bulk_actor spawn_bulk(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      im_actor im) {
  return spawn_resident<bulk_impl>(system, unit, std::move(im));
}

} // namespace tutti
