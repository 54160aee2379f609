#include <bot/hearing/hearing.hpp>

namespace tutti {

namespace {

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
  owner_.run(call(std::move(what))).then([this, number](const result<void>& outcome) {
    auto ended = [&] {
      auto guard = std::lock_guard{lock_};
      return running_.end(number);
    }();
    if (ended.done)
      ended.done(outcome ? handling{} : handling{outcome.error()});
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

/// In the order in which they were registered; the first that fails ends it.
task<> hearing::call(std::shared_ptr<const event> what) {
  chat where{owner_, what};
  bool heard = false;
  for (const auto& each : handlers_) {
    if (!each.which(*what))
      continue;
    if (each.plugin && !*each.plugin) {
      if (is_open())
        continue; // Its start has failed.
      throw request_failed{{errc::shutting_down, "the plugin has stopped", 0, {}}};
    }
    heard = true;
    co_await each.handle(where);
  }
  if (!heard)
    log_unheard(*what);
  // A handler that got no more answers, and returned, has not finished its work.
  if (auto scope = co_await scope_of_this_task{}; scope && scope->in_vain_once())
    throw request_failed{{errc::shutting_down, "the bot stopped before the handler's end", 0, {}}};
}

void hearing::listen(stream_actors::maker make, const conversations_config& rules) {
  auto made = std::make_shared<stream_actors>(std::move(make), rules);
  listening_.push_back(made);
  add([](const event& what) { return what.is_new_message() && what.stream.id != stream_id{}; },
      make_event_handler([made](chat& where) { return made->hear(where); }));
}

void hearing::end_actors() {
  for (const auto& each : listening_)
    each->end_all();
}

void hearing::forget_plugins() {
  if (handlers_.size() > own_)
    handlers_.resize(own_);
  std::erase_if(listening_, [](const auto& each) { return each.use_count() == 1; });
  own_ = std::numeric_limits<std::size_t>::max();
  owner_of_new_ = nullptr;
}

void hearing::forget_all() {
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

void hearing::log_unheard(const event& what) {
  if (!unheard_[static_cast<std::size_t>(what.kind)].exchange(true))
    log_.info("event_unheard", {{"type", what.type}, {"why", "no handler is registered for it"}});
}

} // namespace tutti
