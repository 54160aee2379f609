// connections: batched look-ups of who has accepted a connection with the caller.
#include <actors/look_ups.hpp>

#include <actors/batched_look_up.hpp>
#include <actors/loop/resident.hpp>
#include <actors/slab.hpp>

namespace tutti {

namespace {

using resident_base = resident<connections_actor::extend<caf::reacts_to<take_off>>>;

http_call look_up_call(const identity& as, const participant_set& users) {
  http_call call;
  call.as = as;
  call.request = wire::accepted_connections(users.users());
  return call;
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

class connections_impl final : public resident_base {
public:
  connections_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, http_actor http)
      : resident_base(cfg, std::move(unit)), http_(http),
        look_ups_(std::move(http), look_up_call, read_accepted) {}

  const char* name() const override { return "tutti.connections"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](find_connected& question) {
          return look_ups_.add(this, question.as, std::move(question.users));
        },
        [this](const get_connection& question) { return on_get(question); },
        [this](take_off) { look_ups_.on_take_off(this); },
    };
  }

  void on_exit() override {
    look_ups_.end(ending());
    for (auto id : single_.ids())
      single_.take(id)->deliver(to_error(ending()));
    http_ = nullptr;
  }

private:
  using single_answer = caf::typed_response_promise<connection_info>;

  single_answer on_get(const get_connection& question) {
    auto promise = make_response_promise<single_answer>();
    auto id = single_.insert(promise);
    http_call call;
    call.as = question.as;
    call.request = wire::connection_with(question.user);
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, id](const http_response& response) {
              auto status = wire::read_connection(response);
              auto asked = single_.take(id);
              if (status)
                asked->deliver(connection_info{*status});
              else
                asked->deliver(to_error(status.error()));
            },
            [this, id](const caf::error& why) { single_.take(id)->deliver(why); });
    return promise;
  }

  http_actor http_;
  batched_look_up<identity, connected_found> look_ups_;
  slab<single_answer> single_;
};

} // namespace

connections_actor spawn_connections(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, http_actor http) {
  return spawn_resident<connections_impl>(system, unit, std::move(http));
}

} // namespace tutti
