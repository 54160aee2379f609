// rooms: one call for most questions; members one after the other, at the pod's pace.
#include <actors/rooms/rooms.hpp>

#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/ticketed.hpp>
#include <actors/rooms/member_run.hpp>
#include <wire/endpoints.hpp>

#include <functional>
#include <unordered_set>
#include <vector>

namespace tutti {

namespace {

constexpr const char* permission = "MANAGE_ROOMS";

/// Members on their way into a room, or out of it.
struct member_work {
  identity as;
  stream_id room;
  member_run users;
  /// Answers the asker, whichever request it sent.
  std::function<void(std::vector<member_outcome>)> done;
};

/// A room whose creation is on its way.
struct creation {
  caf::typed_response_promise<room_created> promise;
  call_ticket ticket;
  bool taken_back = false;
};

/// With the entitlements a room like that needs, when one is missing.
failure with_needs(failure why, const room_attributes& wanted) {
  if (why.error != errc::not_entitled)
    return why;
  for (auto [flag, entitlement] : {std::pair{wanted.is_public, "canCreatePublicRoom"},
                                   {wanted.cross_pod, "isExternalRoomEnabled"},
                                   {wanted.multi_lateral, "canCreateMultiLateralRoom"}})
    if (flag.value_or(false))
      why.detail.append("; the caller needs the entitlement ").append(entitlement);
  return why;
}

using rooms_base = resident<rooms_actor::extend<caf::reacts_to<tick>>>;

class rooms_impl final : public rooms_base {
public:
  rooms_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, http_actor http)
      : rooms_base(cfg, std::move(unit)), http_(std::move(http)) {}

  const char* name() const override { return "tutti.rooms"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](create_room& asked) { return on_create(std::move(asked)); },
        [this](add_room_members& asked) { return on_change(std::move(asked), true); },
        [this](remove_room_members& asked) { return on_change(std::move(asked), false); },
        [this](cancel_room_work what) { on_cancel(what.ticket); },
        [this](const get_room& asked) { return on_get(asked); },
        [this](const list_room_members& asked) { return on_list(asked); },
        [this](const find_rooms& asked) { return on_find(asked); },
        [this](tick) { on_tick(); },
    };
  }

  void on_exit() override {
    auto why = ending();
    for (auto id : creating_.ids())
      creating_.take(id)->promise.deliver(to_error(why));
    for (auto id : works_.ids()) {
      works_.find(id)->users.end(why);
      finish(id);
    }
    rooms_.end(why);
    members_.end(why);
    found_.end(why);
    http_ = nullptr;
  }

private:
  using work_id = ticketed<member_work>::id;

  // -- one call each ------------------------------------------------------------

  call_answers<room>::promise on_get(const get_room& asked) {
    return rooms_.ask(this, http_, call_as(asked.as, wire::room_info(asked.id)),
                      [as = asked.as](const http_response& response) -> result<room> {
                        auto read = wire::read_room(response);
                        if (!read)
                          return with_permission(read.error(), as, permission);
                        return read;
                      });
  }

  call_answers<room_members>::promise on_list(const list_room_members& asked) {
    return members_.ask(this, http_, call_as(asked.as, wire::room_membership(asked.room)),
                        [as = asked.as](const http_response& response) -> result<room_members> {
                          auto read = wire::read_room_members(response);
                          if (!read)
                            return with_permission(read.error(), as, permission);
                          return room_members{std::move(*read)};
                        });
  }

  call_answers<rooms_found>::promise on_find(const find_rooms& asked) {
    auto request = wire::search_rooms({asked.text, asked.member, asked.active}, asked.skip,
                                      std::min(asked.limit, wire::max_rooms_per_call));
    return found_.ask(this, http_, call_as(asked.as, std::move(request)),
                      [as = asked.as](const http_response& response) -> result<rooms_found> {
                        auto read = wire::read_rooms(response);
                        if (!read)
                          return with_permission(read.error(), as, permission);
                        return rooms_found{read->count, std::move(read->rooms)};
                      });
  }

  // -- a room and its members -----------------------------------------------------

  caf::typed_response_promise<room_created> on_create(create_room&& asked) {
    auto promise = make_response_promise<caf::typed_response_promise<room_created>>();
    auto id = creating_.insert({promise, asked.ticket});
    auto as = asked.as;
    auto call = call_as(as, wire::create_room(asked.attributes));
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, id, asked = std::move(asked), arrived = now()](const http_response& response) {
              auto made = wire::read_room(response);
              if (!made)
                return not_created(id, with_needs(with_permission(made.error(), asked.as,
                                                                  "CREATE_USER_STREAM or "
                                                                  "MANAGE_ROOMS"),
                                                  asked.attributes));
              created(id, asked, std::move(*made), arrived);
            },
            [this, id](const caf::error& why) { not_created(id, to_failure(why)); });
    return promise;
  }

  void not_created(std::uint64_t id, failure why) {
    auto gone = creating_.take(id);
    if (!gone)
      return;
    if (why.error == errc::unreachable || why.error == errc::deadline_exceeded ||
        why.error == errc::protocol_error)
      why.detail += "; the room may exist all the same: look for its name before creating it again";
    gone->promise.deliver(to_error(why));
  }

  void created(std::uint64_t id, const create_room& asked, room made,
               timer_wheel::time_point arrived) {
    auto known = creating_.take(id);
    if (!known)
      return;
    // The caller is a member already.
    const std::unordered_set<user_id> own{asked.as.is_bot() ? made.creator : asked.as.user()};
    auto users = member_run{true, asked.members};
    users.know(own);
    auto room = made.id;
    auto done = [promise = known->promise,
                 made = std::move(made)](std::vector<member_outcome> outcomes) mutable {
      promise.deliver(room_created{std::move(made), std::move(outcomes)});
    };
    auto held = hold({asked.as, std::move(room), std::move(users), std::move(done)}, asked.ticket,
                     arrived, asked.timeout);
    if (known->taken_back)
      on_cancel(asked.ticket);
    else
      go_on(held);
  }

  template <class Asked>
  caf::typed_response_promise<room_members_changed> on_change(Asked&& asked, bool add) {
    auto promise = make_response_promise<caf::typed_response_promise<room_members_changed>>();
    auto done = [promise](std::vector<member_outcome> outcomes) mutable {
      promise.deliver(room_members_changed{std::move(outcomes)});
    };
    look_first({asked.as, asked.room, member_run{add, asked.users}, std::move(done)}, asked.ticket,
               asked.timeout);
    return promise;
  }

  /// Who is in it is not added, who is not is not removed, and a large room has its own pace. What
  /// cannot be read is left to the pod.
  void look_first(member_work work, call_ticket ticket, std::chrono::milliseconds timeout) {
    auto call = call_as(work.as, wire::room_membership(work.room));
    auto id = hold(std::move(work), ticket, now(), timeout);
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, id](const http_response& response) {
              auto* one = works_.find(id);
              if (!one)
                return;
              if (auto members = wire::read_room_members(response)) {
                std::unordered_set<user_id> there;
                for (const auto& each : *members)
                  there.insert(each.user);
                one->users.know(there);
              }
              go_on(id);
            },
            [this, id](const caf::error& why) {
              if (to_failure(why).error == errc::shutting_down)
                return break_off(id, to_failure(why));
              go_on(id);
            });
  }

  work_id hold(member_work work, call_ticket ticket, timer_wheel::time_point arrived,
               std::chrono::milliseconds timeout) {
    constexpr std::chrono::milliseconds long_enough = std::chrono::hours{24};
    return works_.insert(this, std::move(work), ticket, due_time(arrived, timeout, long_enough));
  }

  void go_on(work_id id) {
    if (auto* one = works_.find(id))
      carry_out(id, *one, one->users.go_on(pace_, now()));
  }

  void carry_out(work_id id, member_work& one, member_run::next what) {
    switch (what.then) {
    case member_run::action::call:
      return call(id, one);
    case member_run::action::wait:
      turns_.keep(this, what.when, id);
      return;
    case member_run::action::finish:
      return finish(id);
    case member_run::action::nothing:
      return;
    }
  }

  void call(work_id id, const member_work& one) {
    const auto user = one.users.user();
    auto call = call_as(one.as, one.users.adds() ? wire::add_room_member(one.room, user)
                                                 : wire::remove_room_member(one.room, user));
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, id](const http_response& response) {
              answered(id, wire::read_member_change(response));
            },
            [this, id](const caf::error& why) { answered(id, to_failure(why)); });
  }

  void answered(work_id id, const result<void>& outcome) {
    auto* one = works_.find(id);
    if (!one)
      return;
    const result<void> known =
        outcome ? outcome : result<void>{with_permission(outcome.error(), one->as, permission)};
    carry_out(id, *one, one->users.answered(known, pace_, now()));
  }

  void finish(work_id id) {
    if (auto one = works_.take(id))
      one->done(one->users.take());
  }

  void break_off(work_id id, const failure& why) {
    if (auto* one = works_.find(id))
      carry_out(id, *one, {one->users.break_off(why)});
  }

  void on_cancel(call_ticket ticket) {
    if (!ticket)
      return;
    for (auto id : creating_.ids())
      if (auto* one = creating_.find(id); one->ticket == ticket)
        one->taken_back = true; // The room is under way; its members need not be.
    break_off(works_.with_ticket(ticket),
              failure{errc::cancelled, "the asker took the rest back", 0, {}});
  }

  void on_tick() {
    works_.on_tick(this, now(), [this](work_id id) {
      break_off(id, failure{errc::deadline_exceeded,
                            "its turn did not come in time; members are added one after the other, "
                            "3 a second, beyond 500 members one in 3 seconds",
                            0,
                            {}});
    });
    turns_.on_tick(this, now(), [this](work_id id) {
      if (auto* one = works_.find(id))
        carry_out(id, *one, one->users.turn_came(pace_, now()));
    });
  }

  http_actor http_;
  call_answers<room> rooms_;
  call_answers<room_members> members_;
  call_answers<rooms_found> found_;
  slab<creation> creating_;
  ticketed<member_work> works_;
  ticking_timers turns_;
  member_throttle pace_;
};

} // namespace

rooms_actor spawn_rooms(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        http_actor http) {
  return spawn_resident<rooms_impl>(system, unit, std::move(http));
}

} // namespace tutti
