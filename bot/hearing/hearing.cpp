#include <bot/hearing/hearing.hpp>

#include <bot/hearing/timers/reminders.hpp>
#include <bot/state.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace tutti {

namespace {

/// How one begins that hears it.
std::string registration_of(const event& what) {
  if (what.is_edit())
    return "bot.on_edited(";
  if (what.is_new_message())
    return "bot.on_message(";
  return "bot.on(tutti::event_kind::" + std::string{name_of(what.kind)} + ", ";
}

/// `co_await` gives the scope of the task that is running.
struct scope_of_this_task {
  std::shared_ptr<detail::cancel_scope> scope{};

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> here) {
    scope = here.promise().scope;
    return false;
  }
  std::shared_ptr<detail::cancel_scope> await_resume() { return std::move(scope); }
};

} // namespace

hearing::hearing(bot& owner, const commands_config& rules)
    : owner_(owner),
      commands_(owner, rules, [this](const alive& plugin) { return takes_part(plugin); }),
      dialogues_(owner, {[this](const chat& where) { return commands_.texts_for(where); },
                         [this](std::string_view name) { return commands_.all().named(name); },
                         [this](chat& where, const commands::words& message) {
                           return commands_.begin_of(where, message);
                         },
                         [this](const commands::words& message, std::size_t first) {
                           return commands_.all().find(message, first);
                         },
                         [this] { return commands_.any_whole_stream(); },
                         [this](const alive& plugin) { return takes_part(plugin); }, forms_}),
      forms_(
          owner, [this](const chat& where) { return commands_.texts_for(where); },
          [this](const alive& plugin) { return takes_part(plugin); }),
      schedules_(owner, [this](const alive& plugin) { return takes_part(plugin); }),
      living_(std::make_shared<living_messages>(owner, [this] { return resumer(); })) {
  commands_.begin_dialogues_by([this](chat& where, const tutti::dialogues::command& which,
                                      std::vector<argument_value> values) {
    return dialogues_.begin(where, which, std::move(values));
  });
}

void hearing::handle(std::shared_ptr<const event> what, std::function<void(handling)> done) {
  {
    auto guard = std::lock_guard{lock_};
    if (!running_.begin(what, std::move(done)))
      return;
  }
  start_or_keep(std::move(what));
}

void hearing::open() {
  std::vector<std::shared_ptr<const event>> waited;
  {
    auto guard = std::lock_guard{lock_};
    open_ = true;
    waited.swap(waiting_);
  }
  for (auto& each : waited)
    start(std::move(each));
  auto manifest = commands_.manifest(); // With those of plugins, which live from now on.
  if (!manifest)
    log_.warn("manifest_not_published", {{"why", to_string(manifest.error())}});
  else if (!manifest->empty())
    owner_.run(commands::publish_manifest(owner_, std::move(*manifest), log_))
        .then([](const result<void>&) {});
}

void hearing::close() {
  auto guard = std::lock_guard{lock_};
  open_ = false;
}

bool hearing::is_open() {
  auto guard = std::lock_guard{lock_};
  return open_;
}

void hearing::start(std::shared_ptr<const event> what) {
  const auto number = what->number;
  owner_.run(call(std::move(what))).then([this, number](result<handled> outcome) {
    auto ended = [&] {
      auto guard = std::lock_guard{lock_};
      return running_.end(number);
    }();
    if (ended.done)
      ended.done(outcome ? std::move(outcome->left) : handling{outcome.error()});
    if (ended.next)
      start_or_keep(std::move(ended.next));
  });
}

void hearing::start_or_keep(std::shared_ptr<const event> what) {
  {
    auto guard = std::lock_guard{lock_};
    if (!open_)
      return waiting_.push_back(std::move(what));
  }
  start(std::move(what));
}

void hearing::add_for_messages(std::optional<event_filter> which, event_handler handle) {
  if (which && !which->flaw().empty())
    flaws_.push_back(which->flaw());
  handlers_.push_back({[which = std::move(which)](const event& what) {
                         return what.is_new_message() && (!which || (*which)(what));
                       },
                       std::move(handle), owner_of_new_, true});
}

void hearing::add_form(forms::definition which, forms::handler handle) {
  if (auto why = forms_.add(std::move(which), std::move(handle), owner_of_new_); !why.empty())
    flaws_.push_back(std::move(why));
}

void hearing::add_schedule(const std::string& when, event_handler handle,
                           std::chrono::milliseconds late) {
  if (auto why = schedules_.add(when, std::move(handle), late, owner_of_new_); !why.empty())
    flaws_.push_back(std::move(why));
}

void hearing::use(middleware around) {
  if (!around)
    return flaws_.push_back("bot.use: the middleware is no function");
  around_.push_back({std::move(around), owner_of_new_});
}

void hearing::add_filtered(event_filter which, event_handler handle) {
  if (!which.flaw().empty())
    flaws_.push_back(which.flaw());
  add(std::move(which), std::move(handle));
}

std::vector<failure> hearing::flaws() const {
  std::vector<failure> all;
  for (const auto* some : {&flaws_, &commands_.flaws()})
    for (const auto& each : *some)
      all.push_back({errc::misconfigured, each, 0, "handler"});
  if (auto manifest = commands_.manifest(); !manifest)
    all.push_back(manifest.error());
  return all;
}

/// Whether what it has registered counts. While it stops, the event is kept for the next process.
bool hearing::takes_part(const alive& plugin) {
  if (!plugin || *plugin)
    return true;
  if (is_open())
    return false; // Its start has failed.
  throw request_failed{{errc::shutting_down, "the plugin has stopped", 0, {}}};
}

task<> hearing::call_from(std::size_t layer, chat& where) {
  while (layer < around_.size() && !takes_part(around_[layer].plugin))
    ++layer;
  if (layer == around_.size()) {
    co_await call_handlers(where);
    co_return;
  }
  std::function<task<>()> next = [this, layer, &where, called = false]() mutable {
    if (std::exchange(called, true)) // What was said would be said twice.
      throw std::logic_error{"a middleware called next twice"};
    return call_from(layer + 1, where);
  };
  co_await around_[layer].around(where, std::move(next));
}

/// In the order in which they were registered, commands first; the first that fails ends it.
task<> hearing::call_handlers(chat& where) {
  const auto& what = where.event();
  bool heard = false;
  if (what.is_new_message() && !commands_.empty()) {
    if (commands_.has_dialogues())
      heard = co_await dialogues_.hear(where);
    if (!heard)
      heard = co_await commands_.hear(where);
  }
  if (what.kind == event_kind::form_replied) {
    if (commands_.has_dialogues())
      heard = co_await dialogues_.hear_form(where);
    if (!heard)
      heard = co_await forms_.hear(where);
  }
  if (what.kind == event_kind::user_left_room && commands_.has_dialogues())
    co_await dialogues_.on_left(where);
  const auto command = heard && what.is_new_message();
  for (const auto& each : handlers_) {
    if ((command && each.but_commands) || !each.which(what) || !takes_part(each.plugin))
      continue;
    heard = heard || !each.takes_anything;
    co_await each.handle(where);
  }
  if (!heard)
    log_unheard(what);
}

/// What the bot itself has a timer for is no event to its handlers.
task<> hearing::call_for_timer(chat& where) {
  const auto& what = where.event();
  if (is_reminder(what.id)) {
    co_await where.say(reminded(what.payload));
    co_return;
  }
  auto ours = co_await dialogues_.on_timer(where);
  if (!ours)
    ours = co_await forms_.on_timer(where);
  if (!ours)
    ours = co_await schedules_.on_timer(where);
  if (!ours)
    co_await call_from(0, where);
}

task<hearing::handled> hearing::call(std::shared_ptr<const event> what) {
  chat where{owner_, what};
  if (what->kind == event_kind::timer_due)
    co_await call_for_timer(where);
  else
    co_await call_from(0, where);
  // A handler that got no more answers, and returned, has not finished its work.
  if (auto scope = co_await scope_of_this_task{}; scope && scope->in_vain_once())
    throw request_failed{{errc::shutting_down, "the bot stopped before the handler's end", 0, {}}};
  auto left = where.left();
  co_return handled{std::move(left), std::move(where.work_)};
}

hearing& hearing::of(bot& owner) {
  return *detail::bot_access::state_of(owner).heard;
}

scope_locks::resume_later hearing::resumer() {
  return [runner = detail::bot_access::state_of(owner_).runner()](std::function<void()> job) {
    runner->run(std::move(job));
  };
}

living_message hearing::begin_living(chat& where, message said, outgoing_message shown) {
  const auto stream = said.stream().id;
  const auto number =
      living_->add(std::move(said), std::move(shown), commands_.texts_for(where).broken_off);
  return living_message{std::make_shared<detail::living_line>(living_, number, where.shared_event(),
                                                              stream, ++where.said_, owner_)};
}

void hearing::listen(stream_actors::maker make, const conversations_config& rules, bool to_all) {
  auto made = std::make_shared<stream_actors>(std::move(make), rules);
  listening_.push_back(made);
  add_for_messages(event_filter{[](const event& what) { return what.stream.id != stream_id{}; }},
                   make_event_handler([made](chat& where) { return made->hear(where); }));
  if (to_all)
    handlers_.push_back({[](const event& what) {
                           return what.stream.id != stream_id{} && !what.is_new_message() &&
                                  what.kind != event_kind::timer_due;
                         },
                         make_event_handler([made](chat& where) { return made->hear(where); }),
                         owner_of_new_, false, true});
}

void hearing::end_actors() {
  for (const auto& each : listening_)
    each->end_all();
}

void hearing::forget_plugins() {
  if (own_) {
    handlers_.resize(own_->handlers);
    commands_.keep_first(own_->commands);
    around_.resize(own_->around);
    forms_.keep_first(own_->forms);
    schedules_.keep_first(own_->schedules);
    flaws_.resize(own_->flaws);
  }
  std::erase_if(listening_, [](const auto& each) { return each.use_count() == 1; });
  own_.reset();
  owner_of_new_ = nullptr;
}

void hearing::forget_all() {
  locks_->end();
  living_->forget_all();
  forget_plugins();
  auto guard = std::lock_guard{lock_};
  running_.clear();
  waiting_.clear();
}

void hearing::given_up(std::shared_ptr<const event> what, const failure& why) {
  if (!report_)
    return;
  auto work = [](hearing& self, std::shared_ptr<const event> which, failure reason) -> task<> {
    self.report_(*which, reason);
    co_return;
  };
  owner_.run(work(*this, std::move(what), why)).then([](const result<void>&) {});
}

std::vector<stored_timer> hearing::timers_after(const event& given_up,
                                                std::chrono::system_clock::time_point now) {
  constexpr std::chrono::hours pause{1};
  if (given_up.id.starts_with("dialogue ") || given_up.id.starts_with("form "))
    return {{given_up.id, to_string(given_up.stream.id), now + pause, given_up.payload}};
  auto all = schedules_.timers(now);
  std::erase_if(all, [&](const auto& each) { return each.id != given_up.id; });
  return all;
}

void hearing::log_unheard(const event& what) {
  if (!unheard_[static_cast<std::size_t>(what.kind)].exchange(true))
    log_.info("event_unheard",
              {{"type", what.type},
               {"why", "no handler wants it"},
               {"add", registration_of(what) + "[](tutti::chat& chat) { /* ... */ });"}});
}

} // namespace tutti
