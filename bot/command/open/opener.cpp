// Looks up the names of all IMs together; then, for each IM: asks who we are, opens.
#include <bot/command/open/opener.hpp>

#include <bot/command/open/opening.hpp>

#include <tutti/by_name.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace tutti::command {

namespace {

/// A name that has no id yet, and which IMs need it.
struct wanted_name {
  enum class stage { idle, queued, asked };
  user_naming by = user_naming::username;
  stage at = stage::idle;
  std::vector<job_ptr> needed_by;
};

/// As many as the pod takes in one call.
constexpr std::size_t most_names = 100;
/// The users actor sends one after the other; the next one is ready when it has been answered.
constexpr int most_questions = 2;

class opener final : public caf::event_based_actor {
public:
  opener(caf::actor_config& cfg, core handles, opener_options options)
      : caf::event_based_actor(cfg), core_(std::move(handles)), options_(std::move(options)) {}

  const char* name() const override { return "tutti.opener"; }

protected:
  caf::behavior make_behavior() override {
    return {
        [this](open_all& wanted) { on_open(std::move(wanted.ims)); },
        [this](names_overdue) { on_names_overdue(); },
        [this](give_up) { on_give_up(); },
    };
  }

  void on_exit() override { core_ = {}; }

private:
  void on_open(std::vector<std::vector<std::string>> ims) {
    for (auto& users : ims) {
      auto made = std::make_shared<job>();
      made->given = std::move(users);
      read(made);
      waiting_.push_back(std::move(made));
    }
    look_up_more();
    begin_more();
  }

  /// Notes what has no id yet.
  void read(const job_ptr& one) {
    for (const auto& text : one->given) {
      auto user = read_user(text);
      if (!user) {
        one->flaw = user.error();
        return;
      }
      auto known = known_.find(text);
      if (user->what == given_user::kind::id) {
        one->add({user->id, false});
      } else if (known != known_.end()) {
        one->add(known->second);
      } else {
        auto& name = names_[text];
        if (name.needed_by.empty() && user->what == given_user::kind::email)
          name.by = user_naming::email;
        if (!name.needed_by.empty() && name.needed_by.back() == one)
          continue; // Given twice.
        name.needed_by.push_back(one);
        ++one->without_id;
        queue(text, name);
      }
    }
  }

  void begin_more() {
    if (beginning_) // Called by what it has begun itself.
      return;
    beginning_ = true;
    while (running_.size() < options_.concurrency && !waiting_.empty()) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      running_.insert(next);
      next->begun = true;
      next->due = job::clock::now() + options_.timeout;
      begin(next);
    }
    beginning_ = false;
  }

  void begin(const job_ptr& one) {
    if (one->flaw)
      return fail(one, *one->flaw);
    if (one->without_id == 0)
      return ask_who(one);
    delayed_send(this, one->left(), names_overdue{});
    for (const auto& text : one->given)
      if (auto name = names_.find(text); name != names_.end())
        look_again(text, name->second);
  }

  // -- names --------------------------------------------------------------------

  /// Names of the bot's own pod are looked up together, before their IMs' turns.
  void queue(const std::string& text, wanted_name& name) {
    if (name.at != wanted_name::stage::idle || name.by == user_naming::email_anywhere)
      return;
    name.at = wanted_name::stage::queued;
    queues_[name.by].push_back(text);
  }

  /// What has failed for others, or is a question of its own, when its IM's turn has come.
  void look_again(const std::string& text, wanted_name& name) {
    if (name.at == wanted_name::stage::idle && name.by == user_naming::email_anywhere) {
      name.at = wanted_name::stage::asked;
      return look_up(name.by, {text});
    }
    queue(text, name);
    look_up_more();
  }

  void look_up_more() {
    for (auto& [by, names] : queues_)
      while (!names.empty() && asked_ < most_questions) {
        std::set<std::string> some;
        for (; !names.empty() && some.size() < most_names; names.pop_front())
          if (auto found = names_.find(names.front()); found != names_.end()) {
            found->second.at = wanted_name::stage::asked;
            some.insert(names.front());
          }
        ++asked_;
        look_up(by, std::move(some));
      }
  }

  void look_up(user_naming by, std::set<std::string> names) {
    auto question = find_named_users{options_.look_up_as, by, names};
    request(core_.users, options_.timeout, std::move(question))
        .then([this, by, names](const named_users_found& found) { on_found(by, names, found); },
              [this, by, names](const caf::error& why) { on_not_looked_up(by, names, why); });
  }

  void answered(user_naming by) {
    if (by != user_naming::email_anywhere)
      --asked_;
    look_up_more();
    begin_more();
  }

  void on_found(user_naming by, const std::set<std::string>& names,
                const named_users_found& found) {
    for (const auto& name : names) {
      auto id = found.users.find(name);
      auto several = found.ambiguous.find(name);
      if (id != found.users.end())
        resolve(name, {id->second, by != user_naming::email_anywhere});
      else if (several != found.ambiguous.end())
        refuse(name, several_users(name, several->second));
      else if (by == user_naming::email)
        look_elsewhere(name);
      else
        refuse(name, no_such_user(name, by));
    }
    answered(by);
  }

  /// No user of the bot's own pod has that address.
  void look_elsewhere(const std::string& text) {
    auto found = names_.find(text);
    if (found == names_.end())
      return;
    auto& name = found->second;
    name.by = user_naming::email_anywhere;
    name.at = wanted_name::stage::idle;
    if (std::any_of(name.needed_by.begin(), name.needed_by.end(),
                    [](const job_ptr& each) { return each->begun && !each->over; }))
      look_again(text, name);
  }

  void resolve(const std::string& name, const found_user& found) {
    known_[name] = found;
    auto gone = names_.extract(name);
    for (const auto& each : gone ? gone.mapped().needed_by : std::vector<job_ptr>{}) {
      each->add(found);
      if (--each->without_id == 0 && each->begun && !each->over)
        ask_who(each);
    }
  }

  /// There is no such user: who has not had its turn yet hears of it then.
  void refuse(const std::string& name, const failure& why) {
    auto gone = names_.extract(name);
    for (const auto& each : gone ? gone.mapped().needed_by : std::vector<job_ptr>{}) {
      each->flaw = why;
      if (each->begun)
        fail(each, why);
    }
  }

  /// Ends those whose turn it is, unless it was the question whose time was over and not theirs.
  /// The others ask again at their turn.
  void on_not_looked_up(user_naming by, const std::set<std::string>& names,
                        const caf::error& error) {
    const auto late = error == caf::sec::request_timeout || error == errc::deadline_exceeded;
    std::vector<job_ptr> failed;
    for (const auto& text : names) {
      auto found = names_.find(text);
      if (found == names_.end())
        continue;
      auto& name = found->second;
      name.at = wanted_name::stage::idle;
      auto again = false;
      std::erase_if(name.needed_by, [&](const job_ptr& each) {
        if (!each->begun || each->over)
          return each->over;
        if (late && each->left().count() > 0) {
          again = true;
          return false;
        }
        failed.push_back(each);
        return true;
      });
      if (name.needed_by.empty())
        names_.erase(found);
      else if (again)
        look_again(text, name);
    }
    for (const auto& each : failed)
      fail(each, reason(*each, error));
    answered(by);
  }

  void on_names_overdue() {
    auto running = running_;
    for (const auto& each : running)
      if (each->without_id > 0 && each->left().count() == 0)
        fail(each, too_late(*each));
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
    request.same_pod = one->same_pod;
    // Its own deadline ends it: im knows best what it has waited for. In tenths of a second,
    // because messages quote it.
    using tenths = std::chrono::duration<std::int64_t, std::deci>;
    request.timeout = std::max(std::chrono::ceil<tenths>(one->left()), tenths{1});
    request.ticket = one->ticket = call_ticket::next();
    one->due += std::chrono::seconds{1};
    ask<im_created>(one, core_.im, std::move(request), [this, one](const im_created& opened) {
      settle(one, {participants_of(*one), opened, {}});
    });
  }

  /// Asks with what is left of the job's time.
  template <class Answer, class Handle, class Question, class Then>
  void ask(const job_ptr& one, const Handle& whom, Question question, Then then) {
    request(whom, one->left(), std::move(question))
        .then(
            [one, then = std::move(then)](const Answer& answer) {
              if (!one->over)
                then(answer);
            },
            [this, one](const caf::error& error) {
              if (error == caf::sec::request_timeout && one->ticket)
                send(core_.im, cancel_im{one->ticket});
              fail(one, reason(*one, error));
            });
  }

  failure reason(const job& one, const caf::error& error) const {
    if (error == errc::cancelled)
      return taken_back();
    return error == caf::sec::request_timeout ? too_late(one) : with_advice(to_failure(error));
  }

  static failure with_advice(failure why) {
    if (why.error == errc::deadline_exceeded)
      why.detail += " (--timeout); tutti doctor looks at each part";
    return why;
  }

  failure too_late(const job& one) const {
    return one.too_late(options_.timeout, options_.troubles());
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
        send(core_.im, cancel_im{each->ticket}); // If it is open by then, it is reported as open.
      else
        fail(each, taken_back());
    }
  }

  static failure taken_back() { return {errc::cancelled, "interrupted", 0, {}}; }

  std::vector<participant> participants_of(const job& one) const {
    return one.participants(options_.form == im_form::inclusive ? std::optional{own_}
                                                                : std::nullopt);
  }

  core core_;
  opener_options options_;
  user_id own_;
  std::map<std::string, found_user> known_;
  /// Those that are wanted and have no id yet.
  std::map<std::string, wanted_name> names_;
  /// Those to be looked up next.
  std::map<user_naming, std::deque<std::string>> queues_;
  /// Questions under way about names of the bot's own pod.
  int asked_ = 0;
  bool beginning_ = false;
  std::deque<job_ptr> waiting_;
  std::set<job_ptr> running_;
};

} // namespace

caf::actor spawn_opener(caf::actor_system& system, const core& handles, opener_options options) {
  return caf::actor_cast<caf::actor>(system.spawn<opener>(handles, std::move(options)));
}

} // namespace tutti::command
