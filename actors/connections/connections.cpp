// connections: batched look-ups, single steps, and waiting for people to agree.
#include <actors/connections/connections.hpp>

#include <actors/connections/connect_attempts.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/batched_look_up.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/parted_questions.hpp>
#include <actors/requests/tick.hpp>

#include <map>

namespace tutti {

namespace {

using connections_base =
    resident<connections_actor::extend<caf::reacts_to<send_batch>, caf::reacts_to<tick>>>;

http_call connections_call(const identity& as, const participant_set& users) {
  return call_as(as, wire::accepted_connections(users.users()));
}

result<participant_set> read_accepted(const identity&, const participant_set&,
                                      const http_response& response) {
  auto found = wire::read_connections(response);
  if (!found)
    return found.error();
  std::vector<user_id> accepted;
  for (const auto& each : *found)
    if (each.status == connection_status::accepted)
      accepted.push_back(each.user);
  return participant_set::of(accepted);
}

http_request request_of(const change_connection& step) {
  switch (step.step) {
  case connection_step::request:
    return wire::change_connection("create", step.user);
  case connection_step::accept:
    return wire::change_connection("accept", step.user);
  case connection_step::reject:
    return wire::change_connection("reject", step.user);
  case connection_step::remove:
    return wire::remove_connection(step.user);
  }
  return {};
}

class connections_impl final : public connections_base {
public:
  connections_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, http_actor http)
      : connections_base(cfg, std::move(unit)), http_(http),
        look_ups_(std::move(http), connections_call, read_accepted) {}

  const char* name() const override { return "tutti.connections"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](find_connected& question) { return on_find(question); },
        [this](const get_connection& question) { return on_get(question); },
        [this](const change_connection& step) { return on_change(step); },
        [this](const list_connections& question) { return on_list(question); },
        [this](connect_users& wanted) { return on_connect(std::move(wanted)); },
        [this](cancel_connect what) { on_cancel(what.ticket); },
        [this](send_batch) { look_ups_.on_send_batch(this); },
        [this](tick) {
          polls_.on_tick(this, now(), [this](auto) { poll(); });
          waits_.on_tick(this, now(), [this](attempt id) { on_late(id); });
        },
    };
  }

  void on_exit() override {
    look_ups_.end(ending());
    parted_.end(ending());
    infos_.end(ending());
    lists_.end(ending());
    for (auto& each : attempts_.abandon())
      each.deliver(to_error(ending()));
    http_ = nullptr;
  }

private:
  batched_look_up<identity, connected_found>::promise on_find(find_connected& question) {
    if (question.users.size() <= wire::max_users_per_call)
      return look_ups_.add(this, question.as, std::move(question.users));
    auto some = parts_of(question.users, wire::max_users_per_call);
    std::vector<find_connected> parts;
    parts.reserve(some.size());
    for (auto& each : some)
      parts.push_back({question.as, std::move(each)});
    return parted_.ask<connections_actor>(this, std::move(parts),
                                          [](connected_found& all, const connected_found& part) {
                                            merge_users(all.users, part.users);
                                          });
  }

  call_answers<connection_info>::promise on_get(const get_connection& question) {
    return infos_.ask(this, http_, call_as(question.as, wire::connection_with(question.user)),
                      [](const http_response& response) -> result<connection_info> {
                        auto status = wire::read_connection(response);
                        if (!status)
                          return status.error();
                        return connection_info{*status};
                      });
  }

  call_answers<connection_info>::promise on_change(const change_connection& step) {
    return infos_.ask(this, http_, call_as(step.as, request_of(step)),
                      [as = step.as, asking = step.step == connection_step::request](
                          const http_response& response) -> result<connection_info> {
                        auto status = wire::read_connection_change(response);
                        if (status)
                          return connection_info{*status};
                        auto why = status.error();
                        if (asking)
                          return with_permission(why, as, "REQUEST_USER_CONNECTIONS");
                        if (why.error == errc::unknown_user) {
                          why.error = errc::rejected;
                          why.detail +=
                              "; nothing of this user waits for an answer, or there is no "
                              "such user";
                        }
                        return why;
                      });
  }

  call_answers<connections_listed>::promise on_list(const list_connections& question) {
    return lists_.ask(
        this, http_, call_as(question.as, wire::connections(question.status)),
        [as = question.as](const http_response& response) -> result<connections_listed> {
          auto all = wire::read_connections(response);
          if (!all)
            return with_permission(all.error(), as, "GET_USER_CONNECTIONS");
          return connections_listed{std::move(*all)};
        });
  }

  // -- being connected --------------------------------------------------------------

  using connecting_answer = caf::typed_response_promise<users_connected>;
  using attempt = connect_attempts<connecting_answer>::id;

  connecting_answer on_connect(connect_users&& wanted) {
    auto promise = make_response_promise<connecting_answer>();
    if (wanted.users.empty()) {
      promise.deliver(users_connected{});
      return promise;
    }
    auto as = wanted.as;
    auto users = wanted.users;
    auto due = due_time(now(), wanted.timeout, std::chrono::hours{24});
    auto id = attempts_.add(std::move(wanted), promise, now());
    attempts_.due(id, waits_.keep(this, due, id));
    request(http_, caf::infinite, call_as(as, wire::connections(std::nullopt, users.users())))
        .then(
            [this, id, as, users](const http_response& response) {
              looked_first(id, as, users, wire::read_connections(response));
            },
            [this, id](const caf::error& why) { give_up(id, to_failure(why)); });
    return promise;
  }

  /// Who has been asked, or has declined, is not asked again.
  void looked_first(attempt id, const identity& as, const participant_set& users,
                    const result<std::vector<user_connection>>& seen) {
    if (!seen && seen.error().error != errc::not_entitled)
      return give_up(id, seen.error());
    std::map<user_id, user_connection> known;
    for (const auto& each : seen ? *seen : std::vector<user_connection>{})
      known[each.user] = each;
    for (auto user : users.users()) {
      auto state = known.contains(user) ? known[user] : user_connection{user, {}, {}, {}};
      if (state.status == connection_status::none)
        ask_one(id, {as, user, connection_step::request});
      else if (state.status == connection_status::pending_incoming)
        ask_one(id, {as, user, connection_step::accept});
      else
        learn(id, state);
    }
  }

  /// A request, or the acceptance of theirs.
  void ask_one(attempt id, const change_connection& step) {
    request(http_, caf::infinite, call_as(step.as, request_of(step)))
        .then(
            [this, id, step](const http_response& response) {
              auto status = wire::read_connection_change(response);
              if (!status)
                return give_up(
                    id, with_permission(status.error(), step.as, "REQUEST_USER_CONNECTIONS"));
              if (*status == connection_status::pending_incoming &&
                  step.step == connection_step::request)
                return ask_one(id, {step.as, step.user, connection_step::accept});
              learn(id, {step.user, *status});
            },
            [this, id](const caf::error& why) { give_up(id, to_failure(why)); });
  }

  void learn(attempt id, const user_connection& seen) {
    auto done = attempts_.learn(id, seen);
    if (!done)
      return plan();
    waits_.remove(done->deadline);
    done->promise.deliver(users_connected{std::move(done->states)});
  }

  void give_up(attempt id, const failure& why) {
    auto ended = attempts_.take(id);
    if (!ended)
      return;
    waits_.remove(ended->deadline);
    ended->promise.deliver(to_error(why));
  }

  void on_late(attempt id) {
    give_up(id, {errc::deadline_exceeded,
                 "a connection was asked for and has not been accepted in time", 0,
                 "connection_pending"});
  }

  void on_cancel(call_ticket ticket) {
    give_up(attempts_.with_ticket(ticket),
            failure{errc::cancelled, "the asker waits no longer", 0, {}});
  }

  // -- asking the pod again -----------------------------------------------------------

  void plan() {
    if (polling_ > 0 || planned_)
      return;
    if (auto when = attempts_.next_look(now())) {
      planned_ = true;
      polls_.keep(this, *when, 0);
    }
  }

  void poll() {
    planned_ = false;
    for (auto& [as, users] : attempts_.waited_for()) {
      for (std::size_t at = 0; at < users.size(); at += wire::max_users_per_call) {
        auto some =
            std::span{users}.subspan(at, std::min(wire::max_users_per_call, users.size() - at));
        ++polling_;
        request(http_, caf::infinite, call_as(as, wire::connections(std::nullopt, some)))
            .then([this, who = as](const http_response& response) { polled(who, response); },
                  [this](const caf::error&) { looked(); }); // The next look may do better.
      }
    }
  }

  void polled(const identity& as, const http_response& response) {
    auto seen = wire::read_connections(response);
    for (const auto& each : seen ? *seen : std::vector<user_connection>{})
      for (auto id : attempts_.waiting_for(as, each.user))
        learn(id, each);
    // Of what is the pod's trouble the next look may be free.
    if (!seen && seen.error().error == errc::not_entitled)
      for (auto id : attempts_.of(as))
        give_up(id, with_permission(seen.error(), as, "GET_USER_CONNECTIONS"));
    looked();
  }

  void looked() {
    if (--polling_ == 0)
      plan();
  }

  http_actor http_;
  batched_look_up<identity, connected_found> look_ups_;
  parted_questions<connected_found> parted_;
  call_answers<connection_info> infos_;
  call_answers<connections_listed> lists_;
  connect_attempts<connecting_answer> attempts_;
  ticking_timers polls_;
  ticking_timers waits_;
  bool planned_ = false;
  /// Looks under way.
  std::size_t polling_ = 0;
};

} // namespace

connections_actor spawn_connections(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, http_actor http) {
  return spawn_resident<connections_impl>(system, unit, std::move(http));
}

} // namespace tutti
