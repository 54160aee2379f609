// A shell that everybody knows around an actor that may change.
#include <actors/supervision/actor_supervisor.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <exception>

namespace tutti {

namespace {

struct try_again {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, try_again&) {
  return f(caf::meta::type_name("try_again"));
}

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{30'000};
constexpr std::chrono::seconds long_life{60};

class supervisor_impl final : public caf::event_based_actor {
public:
  supervisor_impl(caf::actor_config& cfg, supervision what, logger log,
                  std::shared_ptr<telemetry> life)
      : caf::event_based_actor(cfg), what_(std::move(what)), log_(std::move(log)),
        telemetry_(std::move(life)) {
    set_default_handler([this](caf::scheduled_actor*, caf::message_view& content) {
      return forward(content.move_content_to_message());
    });
    set_down_handler([this](const caf::down_msg& down) { on_down(down); });
    set_exit_handler([this](const caf::exit_msg&) { on_told_to_end(); });
  }

  const char* name() const override { return "tutti.supervisor"; }

protected:
  caf::behavior make_behavior() override {
    make();
    return {
        [this](restart_actor) { on_restart(); },
        [this](try_again) { make(); },
    };
  }

  void on_exit() override {
    telemetry_->board.clear(trouble());
    // Anonymously: an actor without any reference left ends while it is destroyed, and must not
    // give out its address then.
    if (child_)
      caf::anon_send_exit(child_, caf::exit_reason::user_shutdown);
    child_ = nullptr;
    what_.make = nullptr;
  }

private:
  std::string trouble() const { return "actor " + what_.name; }

  caf::result<caf::message> forward(caf::message content) {
    if (!child_)
      return to_error({errc::internal,
                       "the actor " + what_.name + " has failed and restarts; ask again", 0,
                       "restarting"});
    make_response_promise().delegate(child_, std::move(content));
    return caf::delegated<caf::message>{};
  }

  void make() {
    try {
      child_ = what_.make();
    } catch (const std::exception& error) {
      return failed(error.what());
    }
    if (!child_)
      return failed("it was not made");
    monitor(child_);
    made_ = clock();
    telemetry_->board.clear(trouble());
  }

  /// Ends the actor first: a caller that waits for the supervisor's end waits for both.
  void on_told_to_end() {
    ending_ = true;
    if (!child_)
      return quit();
    caf::anon_send_exit(child_, caf::exit_reason::user_shutdown);
  }

  void on_down(const caf::down_msg& down) {
    if (!child_ || down.source != child_.address())
      return;
    child_ = nullptr;
    if (ending_)
      return quit();
    if (!down.reason || down.reason == caf::exit_reason::user_shutdown)
      return quit();
    if (clock() - made_ > long_life)
      failures_ = 0;
    failed(to_string(to_failure(down.reason)));
  }

  void failed(const std::string& why) {
    child_ = nullptr;
    auto pause = std::min(longest_pause, first_pause * (1 << std::min(failures_, 20)));
    ++failures_;
    telemetry_->restarts.add(what_.name);
    log_.error(
        "actor_failed",
        {{"actor", what_.name}, {"why", why}, {"again_in_ms", std::to_string(pause.count())}});
    telemetry_->board.raise(trouble(), why);
    delayed_send(this, pause, try_again{});
  }

  void on_restart() {
    if (!child_ || ending_)
      return; // It will be, or never.
    demonitor(child_);
    caf::anon_send_exit(child_, caf::exit_reason::user_shutdown);
    child_ = nullptr;
    make();
  }

  std::chrono::steady_clock::time_point clock() { return system().clock().now(); }

  supervision what_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  caf::actor child_;
  std::chrono::steady_clock::time_point made_;
  int failures_ = 0;
  bool ending_ = false;
};

} // namespace

caf::actor spawn_actor_supervisor(caf::actor_system& system, supervision what, const logger& log,
                                  std::shared_ptr<telemetry> life) {
  return caf::actor_cast<caf::actor>(
      system.spawn<supervisor_impl>(std::move(what), log, std::move(life)));
}

} // namespace tutti
