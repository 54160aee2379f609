// Each job runs through: read its users, look names up, ask who we are, open.
#include <bot/command/opener.hpp>

#include <tutti/by_name.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>

namespace tutti::command {

namespace {

using clock = std::chrono::steady_clock;

/// One IM on its way. Shared by the continuations that carry it on; `over` ends them all.
struct job {
  std::vector<std::string> given;
  std::vector<user_id> ids;
  /// What has no id yet.
  std::set<std::string> usernames;
  std::set<std::string> addresses;
  clock::time_point due;
  call_ticket ticket;
  const char* doing = "looking users up";
  bool over = false;
};

using job_ptr = std::shared_ptr<job>;

class opener final : public caf::event_based_actor {
public:
  opener(caf::actor_config& cfg, core handles, opener_options options)
      : caf::event_based_actor(cfg), core_(std::move(handles)), options_(std::move(options)) {}

  const char* name() const override { return "tutti.opener"; }

protected:
  caf::behavior make_behavior() override {
    return {
        [this](open_one& wanted) {
          auto made = std::make_shared<job>();
          made->given = std::move(wanted.users);
          waiting_.push_back(std::move(made));
          begin_more();
        },
        [this](give_up) { on_give_up(); },
    };
  }

  void on_exit() override { core_ = {}; }

private:
  void begin_more() {
    while (running_.size() < options_.concurrency && !waiting_.empty()) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      running_.insert(next);
      next->due = clock::now() + options_.timeout;
      begin(next);
    }
  }

  void begin(const job_ptr& one) {
    for (const auto& text : one->given) {
      auto user = read_user(text);
      if (!user)
        return fail(one, user.error());
      auto known = known_.find(text);
      if (user->what == given_user::kind::id)
        one->ids.push_back(user->id);
      else if (known != known_.end())
        one->ids.push_back(known->second);
      else
        (user->what == given_user::kind::email ? one->addresses : one->usernames).insert(text);
    }
    look_up(one, user_naming::username, one->usernames);
    look_up(one, user_naming::email, one->addresses);
    if (one->usernames.empty() && one->addresses.empty())
      ask_who(one);
  }

  // -- names --------------------------------------------------------------------

  void look_up(const job_ptr& one, user_naming by, const std::set<std::string>& names) {
    if (names.empty() || one->over)
      return;
    ask<named_users_found>(one, core_.users, find_named_users{options_.look_up_as, by, names},
                           [this, one, by, names](const named_users_found& found) {
                             on_found(one, by, names, found.users);
                           });
  }

  void on_found(const job_ptr& one, user_naming by, const std::set<std::string>& names,
                const std::map<std::string, user_id>& found) {
    for (const auto& [name, id] : found) {
      known_[name] = id;
      one->ids.push_back(id);
    }
    std::set<std::string> missing;
    for (const auto& name : names) {
      if (!found.contains(name))
        missing.insert(name);
      else
        (by == user_naming::username ? one->usernames : one->addresses).erase(name);
    }
    if (missing.empty()) {
      if (one->usernames.empty() && one->addresses.empty())
        ask_who(one);
    } else if (by == user_naming::email) {
      look_up(one, user_naming::email_anywhere, missing);
    } else {
      fail(one, no_such_user(*missing.begin(), by));
    }
  }

  // -- opening ------------------------------------------------------------------

  void ask_who(const job_ptr& one) {
    if (options_.known(one->ids)) // Also while the pod is away.
      return open(one);
    one->doing = "logging in";
    ask<caller_info>(one, core_.auth, whoami{options_.as}, [this, one](const caller_info& caller) {
      own_ = caller.id;
      open(one);
    });
  }

  void open(const job_ptr& one) {
    one->doing = "opening the IM";
    create_im request;
    request.participants = one->ids;
    request.form = options_.form;
    request.as = options_.as;
    // Its own deadline ends it: im knows best what it has waited for. Told in tenths of a second.
    using tenths = std::chrono::duration<std::int64_t, std::deci>;
    request.timeout = std::max(std::chrono::ceil<tenths>(left(*one)), tenths{1});
    request.ticket = one->ticket = call_ticket::next();
    one->due += std::chrono::seconds{1};
    ask<im_created>(one, core_.im, std::move(request), [this, one](const im_created& opened) {
      settle(one, {participants_of(*one), opened, {}});
    });
  }

  /// Asks with what is left of the job's time.
  template <class Answer, class Handle, class Question, class Then>
  void ask(const job_ptr& one, const Handle& whom, Question question, Then then) {
    request(whom, left(*one), std::move(question))
        .then(
            [one, then = std::move(then)](const Answer& answer) {
              if (!one->over)
                then(answer);
            },
            [this, one](const caf::error& error) {
              if (error == errc::cancelled)
                return fail(one, taken_back());
              if (error != caf::sec::request_timeout)
                return fail(one, with_advice(to_failure(error)));
              if (one->ticket)
                send(core_.im, cancel_im{one->ticket});
              fail(one, too_late(*one));
            });
  }

  std::chrono::milliseconds left(const job& one) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::max(one.due - clock::now(), clock::duration{0}));
  }

  static failure with_advice(failure why) {
    if (why.error == errc::deadline_exceeded)
      why.detail += " (--timeout); tutti doctor looks at each part";
    return why;
  }

  failure too_late(const job& one) const {
    return {errc::deadline_exceeded,
            std::string{one.doing} + ": no answer from the pod within " +
                std::to_string(options_.timeout.count()) + " ms" + options_.troubles() +
                " (--timeout); tutti doctor looks at each part",
            0,
            {}};
  }

  // -- the end --------------------------------------------------------------------

  void fail(const job_ptr& one, const failure& why) {
    settle(one, {participants_of(*one), std::nullopt, why});
  }

  void settle(const job_ptr& one, opened_or_not result) {
    if (std::exchange(one->over, true))
      return;
    running_.erase(one);
    options_.settled(std::move(result));
    begin_more();
  }

  void on_give_up() {
    for (const auto& each : std::exchange(waiting_, {}))
      fail(each, taken_back());
    auto running = running_;
    for (const auto& each : running) {
      if (each->ticket)
        send(core_.im, cancel_im{each->ticket}); // What is open by then is told as open.
      else
        fail(each, taken_back());
    }
  }

  static failure taken_back() { return {errc::cancelled, "interrupted", 0, {}}; }

  /// Each once, sorted; without the caller, unless it was listed in the admin form.
  std::vector<participant> participants_of(const job& one) const {
    std::set<user_id> ids{one.ids.begin(), one.ids.end()};
    if (options_.form == im_form::inclusive)
      ids.erase(own_);
    std::vector<participant> all{ids.begin(), ids.end()};
    // While names have no ids, everything is told as it was given.
    if (!one.usernames.empty() || !one.addresses.empty() || ids.empty())
      all.assign(one.given.begin(), one.given.end());
    return all;
  }

  core core_;
  opener_options options_;
  user_id own_;
  std::map<std::string, user_id> known_;
  std::deque<job_ptr> waiting_;
  std::set<job_ptr> running_;
};

} // namespace

caf::actor spawn_opener(caf::actor_system& system, const core& handles, opener_options options) {
  return caf::actor_cast<caf::actor>(system.spawn<opener>(handles, std::move(options)));
}

} // namespace tutti::command
