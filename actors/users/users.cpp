// users: batched look-ups; who was found on the caller's own pod is remembered.
#include <actors/users/users.hpp>

#include <actors/loop/resident.hpp>
#include <actors/requests/batched_look_up.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/parted_questions.hpp>
#include <base/containers/clock_cache.hpp>

namespace tutti {

/// What the askers for those names get.
static named_users_found among(const name_set& names, const named_users_found& found) {
  return {among(names, found.users), among(names, found.ambiguous)};
}

namespace {

using scope_key = std::pair<identity, user_scope>;
using users_base = resident<users_actor::extend<caf::reacts_to<send_batch>>>;

http_call users_call(const scope_key& which, const participant_set& users) {
  http_call call;
  call.as = which.first;
  call.request = wire::find_users(users.users(), which.second == user_scope::own_pod);
  return call;
}

using naming_key = std::pair<identity, user_naming>;

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

result<manifest_found> read_own_manifest(const http_response& response) {
  auto read = wire::read_manifest(response);
  if (!read)
    return read.error();
  return manifest_found{std::move(*read)};
}

result<manifest_set> read_set_manifest(const http_response& response) {
  if (auto read = wire::read_manifest_set(response); !read)
    return read.error();
  return manifest_set{};
}

class users_impl final : public users_base {
public:
  users_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
             const entitlement_config& settings, http_actor http)
      : users_base(cfg, std::move(unit)), own_pod_(settings.capacity),
        look_ups_(http, users_call,
                  [this](const scope_key& which, const participant_set&,
                         const http_response& response) { return read(which, response); }),
        names_(
            http, naming_call,
            [this](const naming_key& which, const name_set& names, const http_response& response) {
              return read_names(which, names, response);
            }),
        http_(std::move(http)) {}

  const char* name() const override { return "tutti.users"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](find_users& question) { return on_find(question); },
        [this](find_named_users& question) { return on_find_named(question); },
        [this](get_manifest& question) {
          return manifests_.ask(this, http_, call_as(question.as, wire::own_manifest()),
                                read_own_manifest);
        },
        [this](set_manifest& question) {
          return manifests_set_.ask(this, http_,
                                    call_as(question.as, wire::set_own_manifest(question.text)),
                                    read_set_manifest);
        },
        [this](send_batch) { on_send_batch(); },
    };
  }

  void on_exit() override {
    look_ups_.end(ending());
    names_.end(ending());
    strangers_.end(ending());
    manifests_.end(ending());
    manifests_set_.end(ending());
    parted_.end(ending());
    parted_names_.end(ending());
    http_ = nullptr;
  }

private:
  using look_ups = batched_look_up<scope_key, users_found>;
  using naming_look_ups =
      batched_look_up<naming_key, named_users_found, name_set, named_users_found>;

  void on_send_batch() {
    look_ups_.on_send_batch(this);
    names_.on_send_batch(this);
  }

  /// Strangers are asked for one by one: the pod does not tell who is who.
  naming_look_ups::promise on_find_named(find_named_users& question) {
    const auto by = question.by;
    const auto strangers = by == user_naming::email_anywhere;
    std::erase_if(question.names, [](const std::string& name) {
      return name.find(',') != name.npos; // The pod would take it for several names.
    });
    if (strangers && question.names.size() == 1)
      return find_stranger({question.as, by}, question.names);
    auto named = parts_of(question.names, strangers ? 1 : wire::max_users_per_call);
    if (named.size() < 2)
      return names_.add(this, {question.as, by}, std::move(question.names));
    std::vector<find_named_users> parts;
    parts.reserve(named.size());
    for (auto& each : named)
      parts.push_back({question.as, by, std::move(each)});
    return parted_names_.ask<users_actor>(this, std::move(parts),
                                          [](named_users_found& all, named_users_found& part) {
                                            all.users.merge(part.users);
                                            all.ambiguous.merge(part.ambiguous);
                                          });
  }

  look_ups::promise on_find(find_users& question) {
    if (question.scope == user_scope::own_pod && remembered(question.users)) {
      auto promise = make_response_promise<look_ups::promise>();
      promise.deliver(users_found{std::move(question.users)});
      return promise;
    }
    if (question.users.size() <= wire::max_users_per_call)
      return look_ups_.add(this, {question.as, question.scope}, std::move(question.users));
    auto some = parts_of(question.users, wire::max_users_per_call);
    std::vector<find_users> parts;
    parts.reserve(some.size());
    for (auto& each : some)
      parts.push_back({question.as, std::move(each), question.scope});
    return parted_.ask<users_actor>(
        this, std::move(parts),
        [](users_found& all, const users_found& part) { merge_users(all.users, part.users); });
  }

  bool remembered(const participant_set& users) {
    auto time = now();
    for (auto user : users.users())
      if (!own_pod_.find(user, time))
        return false;
    return true;
  }

  /// Only those found are remembered: an id that is unknown today may be given to a user tomorrow.
  result<participant_set> read(const scope_key& which, const http_response& response) {
    auto found = wire::read_users(response);
    if (!found)
      return found.error();
    if (which.second == user_scope::own_pod)
      for (auto user : *found)
        keep_as_own(user);
    return participant_set::of(*found);
  }

  naming_look_ups::promise find_stranger(const naming_key& which, const name_set& name) {
    return strangers_.ask(this, http_, naming_call(which, name),
                          [this, which, name](const http_response& response) {
                            return read_names(which, name, response);
                          });
  }

  result<named_users_found> read_names(const naming_key& which, const name_set& names,
                                       const http_response& response) {
    auto found = wire::read_named_users(response, names, wire_key(which.second));
    if (!found)
      return found.error();
    named_users_found made;
    for (auto& [name, ids] : *found) {
      if (which.second != user_naming::email_anywhere)
        for (auto each : ids)
          keep_as_own(each);
      if (ids.size() == 1)
        made.users.emplace(name, ids.front());
      else
        made.ambiguous.emplace(name, std::move(ids));
    }
    return made;
  }

  void keep_as_own(user_id user) {
    own_pod_.put(user, {}, std::chrono::steady_clock::time_point::max());
  }

  struct nothing {};
  clock_cache<user_id, nothing> own_pod_;
  look_ups look_ups_;
  naming_look_ups names_;
  http_actor http_;
  /// By e-mail on other pods, one a call.
  call_answers<named_users_found> strangers_;
  call_answers<manifest_found> manifests_;
  call_answers<manifest_set> manifests_set_;
  parted_questions<users_found> parted_;
  parted_questions<named_users_found> parted_names_;
};

} // namespace

users_actor spawn_users(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        const entitlement_config& settings, http_actor http) {
  return spawn_resident<users_impl>(system, unit, settings, std::move(http));
}

} // namespace tutti
