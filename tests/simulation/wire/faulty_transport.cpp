// Fates of exchanges, and what must hold on the wire whatever they are.
#include <tests/simulation/wire/faulty_transport.hpp>

#include <tests/simulation/wire/made_answers.hpp>

#include <simdjson.h>

#include <algorithm>

namespace tutti::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view create_path = "/pod/v1/im/create";
constexpr std::string_view admin_path = "/pod/v1/admin/im/create";
constexpr std::string_view login_path = "/login/pubkey/authenticate";
constexpr std::string_view app_login_path = "/login/pubkey/app/authenticate";
/// The user's id and the rest follow.
constexpr std::string_view user_login_path = "/login/pubkey/app/user/";

} // namespace

/// One core's end of it.
class faulty_transport::client final : public transport::client {
public:
  explicit client(faulty_transport& wire) : wire_(wire) {}

  ~client() override {
    if (wire_.current_ == this) {
      wire_.drop_all();
      wire_.current_ = nullptr;
      wire_.listener_ = nullptr;
    }
  }

  void listen(transport::listener* who) override { wire_.listener_ = who; }
  void send(transport::exchange_id which, const transport::outgoing& request) override {
    wire_.send(which, request);
  }
  void cancel(transport::exchange_id which) override { wire_.cancel(which); }
  bool suspect(transport::exchange_id which) override { return wire_.suspect(which); }

private:
  faulty_transport& wire_;
};

faulty_transport::faulty_transport(chance& luck, event_queue& events, trace& kept,
                                   const config& settings, std::function<time_point()> clock,
                                   std::function<void(std::string)> object)
    : luck_(luck), events_(events), trace_(kept), settings_(settings), clock_(std::move(clock)),
      object_(std::move(object)), began_(std::chrono::system_clock::now()), start_(clock_()),
      pod_({}, luck.below(1'000'000)) {}

std::unique_ptr<transport::client> faulty_transport::make_client() {
  if (!open_.empty())
    object_("a new core begins while exchanges of the old one are under way");
  auto made = std::make_unique<client>(*this);
  current_ = made.get();
  known_ = {};
  return made;
}

std::size_t faulty_transport::open_flights() const {
  return static_cast<std::size_t>(std::count_if(open_.begin(), open_.end(), [](const auto& each) {
    return each.second.target == create_path || each.second.target == admin_path;
  }));
}

emulator::time_point faulty_transport::pod_time() const {
  return began_ + std::chrono::duration_cast<std::chrono::microseconds>(clock_() - start_);
}

// -- what a core sends --------------------------------------------------------------

void faulty_transport::send(transport::exchange_id which, const transport::outgoing& request) {
  ++sent_;
  exchange one;
  one.id = which;
  one.number = sent_;
  one.method = to_string(request.method);
  one.target = request.target;
  one.token = header(request.headers, "sessionToken: ");
  one.keys = header(request.headers, "keyManagerToken: ");
  one.content_type = header(request.headers, "Content-Type: ");
  one.trace = header(request.headers, "X-Trace-Id: ");
  one.body = request.body;
  one.fresh = request.fresh;
  if (open_.contains(which))
    object_("exchange " + std::to_string(which) + " is under way already");
  inspect(one);
  auto doom = choose(one);
  trace_.add([&] { return "core -> pod   " + name_of(one) + "; fate: " + doom.name; });
  open_[which] = one;
  auto arrival = clock_() + doom.there;
  events_.at(arrival, [this, one, doom] { arrive({one, doom, clock_() + longest_poll}); });
}

/// A call that is sent again has the same id and trace.
bool faulty_transport::is_open(const exchange& one) const {
  auto found = open_.find(one.id);
  return found != open_.end() && found->second.number == one.number;
}

void faulty_transport::arrive(const arrived& here) {
  const auto& [one, doom, until] = here;
  auto answer = doom.instead;
  if (doom.acts) {
    auto said = act(one, is_open(one) && clock_() < until);
    if (!said.waits_for.empty()) {
      held_.push_back(here);
      events_.at(until, [this] { wake(); });
      return;
    }
    auto made = answered(said.status, said.body);
    trace_.add([&] { return "        pod   acts on " + one.trace + ": " + words(made); });
    if (!answer)
      answer = std::move(made);
  }
  if (doom.silent || !is_open(one))
    return;
  open_.find(one.id)->second.completion =
      events_.at(clock_() + doom.back, [this, id = one.id, answer = *answer, stale = doom.stale] {
        complete(id, answer, stale);
      });
}

void faulty_transport::wake() {
  for (const auto& each : std::exchange(held_, {}))
    if (is_open(each.one)) // The pod sees that a connection has gone.
      arrive(each);
}

bool faulty_transport::suspect(transport::exchange_id which) {
  auto found = open_.find(which);
  if (found == open_.end() || found->second.fresh || !warm_)
    return false;
  known_.calls[found->second.trace].suspected = true;
  return true;
}

void faulty_transport::inspect(exchange& one) {
  auto now = clock_();
  const auto polls = std::count_if(open_.begin(), open_.end(),
                                   [](const auto& each) { return each.second.is_poll(); });
  if (!one.is_poll() &&
      open_.size() - static_cast<std::size_t>(polls) >= settings_.http.max_in_flight)
    object_("more than http.maxInFlight are on the wire");
  if (now < known_.gate)
    object_("a request goes out while the gate of the host is closed: " + one.target);
  if (auto most = settings_.host_of(service::pod).max_requests_per_second; most > 0) {
    auto& sent = known_.last_second;
    while (!sent.empty() && sent.front() + 1s <= now)
      sent.pop_front();
    sent.push_back(now);
    if (sent.size() > most)
      object_("a second sees more than maxRequestsPerSecond");
  }
  auto [found, fresh] = known_.calls.try_emplace(one.trace);
  auto& call = found->second;
  if (fresh) {
    call.first_sent = now;
    known_.firsts.push_back(now);
  }
  ++call.sent;
  if (std::exchange(call.suspected, false)) { // What was sent again for that is no attempt.
    ++call.stale;
    if (std::exchange(call.sent_again, true))
      object_("a call is sent again for its silence a second time: " + one.target);
  }
  if (auto failed = std::exchange(call.failed, std::nullopt); failed && known_.answered < *failed)
    inspect_repeat(*failed, now);
  if (call.settled)
    object_("a call is sent again although its outcome stands: " + one.target);
  if (!one.is_poll() && now - call.first_sent > settings_.host_of(service::pod).read_timeout)
    object_("a call is sent again past its deadline: " + one.target);
  auto most = settings_.retry.max_attempts;
  if (most > 0 && call.sent - call.refused_sessions - call.stale > most)
    object_("a call is sent more often than retry.maxAttempts: " + one.target);

  if (auto as = login_of(one)) {
    inspect_login(one, *as);
  } else if (!one.token.empty()) {
    auto owner = owner_of(one.token);
    if (!owner)
      object_("a session that nobody was given: " + one.token);
    else if (one.target == create_path || one.target == admin_path)
      inspect_create(one, *owner);
  }
  if (!one.key.empty())
    for (const auto& [id, other] : open_)
      if (other.key == one.key)
        object_("two at once: " + one.key);
}

void faulty_transport::inspect_repeat(time_point failed, time_point now) {
  // The worlds are too small for more than the budget's floor: its tenth is the unit tests' to see.
  // It was paid for between its failure and now. What failed and went out within nine seconds was
  // paid within one window of the budget; twenty seconds hold every first request of that window.
  known_.repeats.push_back(failed);
  std::erase_if(known_.repeats, [&](time_point each) { return each + 9s < now; });
  std::erase_if(known_.firsts, [&](time_point each) { return each + 20s < now; });
  if (known_.repeats.size() > std::max<std::size_t>(10, known_.firsts.size() / 10))
    object_(std::to_string(known_.repeats.size()) + " repeats in nine seconds are past the budget");
}

void faulty_transport::inspect_login(exchange& one, const identity& as) {
  one.key = "login of " + to_string(as);
  if (as.user() != user_id{} && owner_of(one.token) != identity::of_app())
    object_("a user is logged in by another session than the app's");
  auto newest = known_.newest.find(as);
  if (newest != known_.newest.end() && !known_.refused.contains(newest->second))
    object_("a login although the newest session has met no refusal");
}

void faulty_transport::inspect_create(exchange& one, const identity& as) {
  one.key = one.target + " " + one.body + " as " + std::to_string(as.user().value());
  simdjson::dom::parser parser;
  std::int64_t before = 0;
  auto own = as.is_bot() ? pod_.users.find("bot")->id : as.user().value();
  for (std::int64_t id : simdjson::dom::array{parser.parse(one.body)}) {
    if (id <= before)
      object_("the participants are not sorted, each once: " + one.body);
    if (one.target == create_path && id == own)
      object_("the caller is named: " + one.body);
    before = id;
  }
}

void faulty_transport::cancel(transport::exchange_id which) {
  auto found = open_.find(which);
  if (found == open_.end())
    return object_("an exchange is cancelled that is not under way");
  trace_.add([&] { return "core -> pod   gives " + found->second.trace + " up"; });
  if (found->second.completion)
    events_.drop(*found->second.completion);
  open_.erase(found);
}

void faulty_transport::drop_all() {
  while (!open_.empty())
    cancel(open_.begin()->first);
}

emulator::reply faulty_transport::act(const exchange& one, bool may_wait) {
  // Logins carry the time of this machine's clock, which is not the world's.
  auto now =
      one.target.find("/pubkey/") != one.target.npos && !one.target.starts_with(user_login_path)
          ? std::chrono::system_clock::now()
          : pod_time();
  emulator::arrival asked{one.method, one.target, one.token, one.body};
  asked.key_manager_token = one.keys;
  asked.content_type = one.content_type;
  asked.may_wait = may_wait;
  if (one.is_poll())
    asked.feed_faults = {luck_.percent(feed_trouble_), luck_.percent(feed_trouble_),
                         luck_.percent(feed_trouble_ / 8)};
  auto said = emulator::answer_to(pod_, routes_, asked, now);
  if (watch_)
    watch_(one.target, one.body, said);
  return said;
}

void faulty_transport::complete(transport::exchange_id which, result<http_response> answer,
                                bool stale) {
  auto found = open_.find(which);
  auto one = std::move(found->second);
  open_.erase(found);
  warm_ = true;
  trace_.add([&] { return "core <- pod   " + one.trace + ": " + words(answer); });
  learn(one, answer, stale);
  listener_->completed(which, {std::move(answer), stale});
}

void faulty_transport::learn(const exchange& one, const result<http_response>& answer, bool stale) {
  auto& call = known_.calls[one.trace];
  if (stale) {
    ++call.stale;
    return;
  }
  if (answer && answer->status < 500)
    known_.answered = clock_();
  auto as = login_of(one);
  if (answer && answer->status == 401 && !one.token.empty()) {
    known_.refused.insert(one.token);
    call.settled = ++call.refused_sessions > 1;
    return;
  }
  call.settled = !may_get_better(answer);
  if (!call.settled && (!answer || answer->status >= 500 || answer->status == 408))
    call.failed = clock_();
  if (answer && (answer->status == 429 || answer->status == 400) && answer->retry_after)
    known_.gate = std::max(known_.gate, clock_() + std::chrono::seconds{*answer->retry_after});
  else if (answer && answer->status == 429) // At least half of the first interval.
    known_.gate = std::max(known_.gate, clock_() + settings_.retry.initial_interval / 2);
  if (as && answer && answer->status == 200) {
    simdjson::dom::parser parser;
    std::string_view token;
    if (parser.parse(answer->body)["token"].get_string().get(token) == simdjson::SUCCESS) {
      known_.newest[*as] = token;
      sessions_[std::string{token}] = *as;
    }
  }
}

std::optional<identity> faulty_transport::owner_of(const std::string& token) const {
  auto found = sessions_.find(token);
  return found == sessions_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<identity> faulty_transport::login_of(const exchange& one) const {
  if (one.target == login_path)
    return identity{};
  if (one.target == app_login_path)
    return identity::of_app();
  if (!one.target.starts_with(user_login_path))
    return std::nullopt;
  return identity::on_behalf_of(
      *user_id::make(std::stoll(one.target.substr(user_login_path.size()))));
}

std::string faulty_transport::name_of(const exchange& one) const {
  auto text = one.method + " " + one.target;
  if (!one.body.empty() && !login_of(one))
    text += " " + one.body;
  if (!one.token.empty())
    text += ", session ..." + one.token.substr(one.token.size() - 4);
  return text + ", call " + one.trace;
}

} // namespace tutti::simulation
