// What a host calls: each member of bot, on the parts of it.
#include <bot/state.hpp>

#include <base/crypto/exit_guard.hpp>

#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace tutti {

void configure(caf::actor_system_config& host) {
  // Work stealing, CAF's default, burns CPU while idle; sharing sleeps.
  if (!caf::get_if<caf::atom_value>(&host, "scheduler.policy"))
    host.set("scheduler.policy", caf::atom("sharing"));
  host.add_error_category(caf::detail::error_factory<errc>::category,
                          [](std::uint8_t code, caf::atom_value, const caf::message& context) {
                            auto text = std::string{to_string(static_cast<errc>(code))};
                            if (!context.empty() && context.match_element<std::string>(0))
                              text.append(": ").append(context.get_as<std::string>(0));
                            return text;
                          });
}

bot::bot(config settings, core_factories replacements, std::shared_ptr<log_sink> sink)
    : state_(std::make_unique<state>(std::move(settings), std::move(replacements), std::move(sink),
                                     nullptr)) {}

bot::bot(caf::actor_system& host, config settings, core_factories replacements,
         std::shared_ptr<log_sink> sink)
    : state_(std::make_unique<state>(std::move(settings), std::move(replacements), std::move(sink),
                                     &host)) {}

namespace {

/// Keeps for the rest of the process what threads that were left behind still use.
void keep_for_ever(std::shared_ptr<void> what) {
  static std::mutex lock;
  static auto& all = *new std::vector<std::shared_ptr<void>>; // NOLINT: never ends.
  auto guard = std::lock_guard{lock};
  all.push_back(std::move(what));
}

} // namespace

bot::~bot() {
  state_->stop();
  if (state_->left_behind)
    keep_for_ever(std::move(state_));
  else if (state_->served_here())
    std::thread{[whole = std::move(state_)]() mutable {
      const auto left_behind = !whole->stop();
      const crypto::exit_guard until_it_has_ended;
      if (left_behind)
        keep_for_ever(std::move(whole));
      whole.reset();
    }}.detach();
}

void bot::hear(std::function<bool(const event&)> which, event_handler handle) {
  state_->heard_by(*this).add(std::move(which), std::move(handle));
}

void bot::hear_message(std::optional<event_filter> which, event_handler handle) {
  state_->heard_by(*this).add_for_messages(std::move(which), std::move(handle));
}

void bot::hear_command(command_declaration what) {
  state_->heard_by(*this).add_command(std::move(what));
}

void bot::hear_filtered(event_filter which, event_handler handle) {
  state_->heard_by(*this).add_filtered(std::move(which), std::move(handle));
}

void bot::hear_schedule(const std::string& when, event_handler handle,
                        std::chrono::milliseconds late) {
  state_->heard_by(*this).add_schedule(when, std::move(handle), late);
}

void bot::hear_form(std::shared_ptr<const detail::form_definition> which,
                    std::function<task<>(chat&, const json_value&)> handle) {
  state_->heard_by(*this).add_form(std::move(which), std::move(handle));
}

void bot::command_texts(std::function<tutti::command_texts(const chat&)> choose) {
  state_->heard_by(*this).commands().say_by(std::move(choose));
}

void bot::command_texts(tutti::command_texts all) {
  state_->heard_by(*this).commands().say_by(std::move(all));
}

void bot::use(middleware around) {
  state_->heard_by(*this).use(std::move(around));
}

void bot::listen_with(conversation_maker make, bool to_all) {
  state_->heard_by(*this).listen(
      [whole = state_.get(), make = std::move(make)](caf::actor_system& system,
                                                     conversation_start start) {
        auto made = make(system, std::move(start));
        whole->conversations.add(caf::actor_cast<caf::actor>(made)); // To end with the bot.
        return made;
      },
      state_->settings.conversations, to_all);
}

void bot::on_given_up(std::function<void(const event&, const failure&)> report) {
  state_->heard_by(*this).on_given_up(std::move(report));
}

result<void> bot::start() {
  return state_->start(*this);
}

bool bot::stop() noexcept {
  return state_->stop();
}

std::chrono::system_clock::time_point bot::now() const {
  return state_->ground ? state_->ground->wall() : std::chrono::system_clock::now();
}

core bot::handles() const {
  return state_->handles();
}

caf::actor_system& bot::system() {
  if (auto made = state_->make_system(); !made)
    throw std::runtime_error{made.error().detail};
  return *state_->system;
}

caf::strong_actor_ptr bot::plugin_actor(std::string_view name) const {
  return state_->plugins.actor(name);
}

std::optional<stream_id> bot::find_im(std::span<const user_id> users, const identity& as,
                                      im_form form) const {
  auto& known = *state_->known;
  auto own = as.is_bot() ? known.caller() : std::optional{as.user()};
  if (!own)
    return std::nullopt; // Nothing can be known before the first login.
  auto set = participant_set::make(form, users, *own, multi_party::allow);
  auto& life = *state_->life;
  life.directory_reads.fetch_add(1, std::memory_order_relaxed);
  auto found = set ? known.find(im_key{as, form, std::move(*set)}, std::chrono::steady_clock::now())
                   : std::nullopt;
  if (found)
    life.directory_reads_hit.fetch_add(1, std::memory_order_relaxed);
  return found;
}

health bot::health() const {
  auto now = state_->life->board.look();
  // Listed with the others, but it affects no request: the state remains as it is.
  if (auto lost = state_->sink->losses(); lost.now)
    now.troubles.push_back(
        {"log", lost.since,
         std::to_string(lost.lines) +
             " lines were dropped so far: the reader of the log does not keep up"});
  if (state_->hears)
    now.feed = read_feed_health(*state_->life);
  return now;
}

metrics bot::metrics() const {
  auto seen = read_metrics(*state_->life, *state_->known, state_->settings);
  seen.log_lines_dropped = state_->sink->losses().lines;
  return seen;
}

void bot::on_core_lost(std::function<void(const failure&)> report) {
  state_->core_lost = std::move(report);
}

void bot::look_after(const conversation_actor& started) {
  state_->conversations.add(caf::actor_cast<caf::actor>(started));
}

caf::actor bot::supervise_any(std::string name,
                              std::function<caf::actor(caf::actor_system&, const core&)> make) {
  auto* whole = state_.get();
  if (!whole->ask_at->asker())
    throw std::logic_error{"bot::supervise: the bot is not started"};
  auto made = spawn_actor_supervisor(
      *whole->system,
      {std::move(name),
       [whole, make = std::move(make)] { return make(*whole->system, whole->handles()); }},
      whole->log, whole->life);
  whole->supervisors.add(made);
  return made;
}

std::shared_ptr<detail::job_runner> bot::runner() const {
  return state_->runner();
}

void bot::launch(std::shared_ptr<detail::flying_call> call, detail::call_base& state) {
  auto asker = state_->ask_at->asker();
  if (!asker)
    return call->fail(state_->ever_started
                          ? failure{errc::shutting_down, "the bot has stopped", 0, {}}
                          : failure{errc::internal, "the bot is not started: call start() before",
                                    0, "not_started"});
  state.cancel_by([at = std::weak_ptr{state_->ask_at}, which = call.get()] {
    auto desk = at.lock();
    if (auto open = desk ? desk->asker() : nullptr)
      caf::anon_send(open, drop_call{which});
  });
  call->when_gone = [life = state_->life]() -> failure {
    auto now = life->board.look();
    if (now.state == health_state::stopping || now.state == health_state::stopped)
      return {errc::shutting_down, "the bot is stopping", 0, {}};
    for (const auto& each : now.troubles)
      if (each.what == lost_core_trouble)
        return {errc::internal, each.why, 0, "core"};
    return {errc::internal, "the core has crashed and is restarting; ask again", 0, "core"};
  };
  caf::anon_send(asker, launch_call{std::make_shared<tutti::launch>(std::move(call))});
}

} // namespace tutti
