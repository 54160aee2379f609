// A job is a resumable of CAF's that runs once.
#include <actors/jobs.hpp>

#include <caf/execution_unit.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <exception>

namespace tutti {

namespace {

/// Jobs of any bot that this thread is in.
thread_local int jobs_here = 0;

} // namespace

class jobs::scheduled final : public caf::resumable, public caf::ref_counted {
public:
  scheduled(std::shared_ptr<jobs> owner, std::function<void()> job)
      : owner_(std::move(owner)), job_(std::move(job)) {}

  subtype_t subtype() const override { return function_object; }

  resume_result resume(caf::execution_unit*, std::size_t) override {
    auto owner = owner_;
    owner->perform(job_);
    job_ = nullptr; // What it holds goes before `close` returns.
    owner->one_less();
    return done;
  }

  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }

private:
  std::shared_ptr<jobs> owner_;
  std::function<void()> job_;
};

void jobs::run(std::function<void()> job) {
  // Counted first: `close` then either sees it or is seen.
  outstanding_.fetch_add(1);
  if (closed_.load()) {
    one_less();
    perform(job);
    return;
  }
  system_->scheduler().enqueue(
      caf::make_counted<scheduled>(shared_from_this(), std::move(job)).detach());
}

void jobs::close() noexcept {
  closed_.store(true);
  if (jobs_here > 0)
    return;
  for (auto left = outstanding_.load(); left != 0; left = outstanding_.load())
    outstanding_.wait(left);
}

void jobs::perform(const std::function<void()>& job) noexcept {
  ++jobs_here;
  try {
    job();
  } catch (const std::exception& error) {
    log_.error("callback_failed", {{"why", error.what()}});
  } catch (...) { // The edge of a thread that is CAF's.
    log_.error("callback_failed", {{"why", "it threw something that is no exception"}});
  }
  --jobs_here;
}

void jobs::one_less() noexcept {
  outstanding_.fetch_sub(1);
  outstanding_.notify_all();
}

} // namespace tutti
