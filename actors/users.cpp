// users: batched look-ups; who was found on the caller's own pod is remembered.
#include <actors/look_ups.hpp>

#include <actors/batched_look_up.hpp>
#include <actors/clock_cache.hpp>
#include <actors/loop/resident.hpp>
#include <actors/slab.hpp>

namespace tutti {

namespace {

using key = std::pair<identity, user_scope>;
using resident_base = resident<users_actor::extend<caf::reacts_to<take_off>>>;

http_call look_up_call(const key& which, const participant_set& users) {
  http_call call;
  call.as = which.first;
  call.request = wire::find_users(users.users(), which.second == user_scope::own_pod);
  return call;
}

using naming_key = std::pair<identity, user_naming>;
using names_found = std::map<std::string, user_id>;

wire::user_key wire_key(user_naming by) {
  return by == user_naming::username ? wire::user_key::username : wire::user_key::email;
}

http_call naming_call(const naming_key& which, const name_set& names) {
  http_call call;
  call.as = which.first;
  call.request = wire::find_named_users(names, wire_key(which.second),
                                        which.second != user_naming::email_anywhere);
  return call;
}

result<names_found> read_names(const naming_key& which, const name_set& names,
                               const http_response& response) {
  return wire::read_named_users(response, names, wire_key(which.second));
}

class users_impl final : public resident_base {
public:
  users_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
             const entitlement_config& settings, http_actor http)
      : resident_base(cfg, std::move(unit)), own_pod_(settings.capacity),
        look_ups_(http, look_up_call,
                  [this](const key& which, const participant_set&, const http_response& response) {
                    return read(which, response);
                  }),
        names_(http, naming_call, read_names),
        strangers_(std::move(http), naming_call, read_names, 1) {}

  const char* name() const override { return "tutti.users"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](find_users& question) { return on_find(question); },
        [this](find_named_users& question) { return on_find_named(question); },
        [this](take_off) { on_take_off(); },
    };
  }

  void on_exit() override {
    look_ups_.end(ending());
    names_.end(ending());
    strangers_.end(ending());
    for (auto id : gatherings_.ids())
      gatherings_.take(id)->promise.deliver(to_error(ending()));
  }

private:
  using look_ups = batched_look_up<key, users_found>;
  using naming_look_ups = batched_look_up<naming_key, named_users_found, name_set, names_found>;

  void on_take_off() {
    look_ups_.on_take_off(this);
    names_.on_take_off(this);
    strangers_.on_take_off(this);
  }

  naming_look_ups::promise on_find_named(find_named_users& question) {
    if (question.by != user_naming::email_anywhere)
      return names_.add(this, {question.as, question.by}, std::move(question.names));
    if (question.names.size() < 2)
      return strangers_.add(this, {question.as, question.by}, std::move(question.names));
    return gather(question);
  }

  /// Strangers of one question, each asked for by itself: the pod does not tell who is who.
  struct gathering {
    naming_look_ups::promise promise;
    named_users_found found;
    std::size_t left = 0;
  };

  naming_look_ups::promise gather(const find_named_users& question) {
    auto promise = make_response_promise<naming_look_ups::promise>();
    auto id = gatherings_.insert({promise, {}, question.names.size()});
    for (const auto& name : question.names)
      request(caf::actor_cast<users_actor>(this), caf::infinite,
              find_named_users{question.as, question.by, {name}})
          .then(
              [this, id](named_users_found& one) {
                auto* all = gatherings_.find(id);
                if (!all)
                  return;
                all->found.users.merge(one.users);
                if (--all->left == 0) {
                  auto done = gatherings_.take(id);
                  done->promise.deliver(std::move(done->found));
                }
              },
              [this, id](const caf::error& why) {
                if (auto failed = gatherings_.take(id))
                  failed->promise.deliver(why);
              });
    return promise;
  }

  look_ups::promise on_find(find_users& question) {
    if (question.scope == user_scope::own_pod && remembered(question.users)) {
      auto promise = make_response_promise<look_ups::promise>();
      promise.deliver(users_found{std::move(question.users)});
      return promise;
    }
    return look_ups_.add(this, {question.as, question.scope}, std::move(question.users));
  }

  bool remembered(const participant_set& users) {
    auto time = now();
    for (auto user : users.users())
      if (!own_pod_.find(user, time))
        return false;
    return true;
  }

  /// Only those found are remembered: an id that is unknown today may be given to a user tomorrow.
  result<participant_set> read(const key& which, const http_response& response) {
    auto found = wire::read_users(response);
    if (!found)
      return found.error();
    if (which.second == user_scope::own_pod)
      for (auto user : *found)
        own_pod_.put(user, {}, std::chrono::steady_clock::time_point::max());
    return participant_set::of(*found);
  }

  struct nothing {};
  clock_cache<user_id, nothing> own_pod_;
  look_ups look_ups_;
  naming_look_ups names_;
  /// By e-mail on other pods, one a call.
  naming_look_ups strangers_;
  slab<gathering> gatherings_;
};

} // namespace

users_actor spawn_users(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        const entitlement_config& settings, http_actor http) {
  return spawn_resident<users_impl>(system, unit, settings, std::move(http));
}

} // namespace tutti
