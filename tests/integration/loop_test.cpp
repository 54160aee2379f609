#include <actors/loop/loop.hpp>
#include <actors/loop/resident.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>

namespace {

using namespace tutti;

struct where {
  bool late = false;
};
struct here {
  std::string thread;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, where& x) {
  return f(caf::meta::type_name("where"), x.late);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, here& x) {
  return f(caf::meta::type_name("here"), x.thread);
}

using locator = caf::typed_actor<caf::replies_to<where>::with<here>>;

std::string this_thread() {
  std::ostringstream text;
  text << std::this_thread::get_id();
  return text.str();
}

/// Says on which thread it runs; late: from a handler of the loop, after the message is done with.
class resident_locator final : public resident<locator> {
public:
  resident_locator(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                   boost::asio::io_context& io)
      : resident<locator>(cfg, std::move(unit)), io_(io) {}

  behavior_type make_behavior() override {
    return {[this](const where& question) {
      auto promise = make_response_promise<caf::typed_response_promise<here>>();
      if (!question.late)
        promise.deliver(here{this_thread()});
      else
        boost::asio::post(io_, [this, promise]() mutable {
          entered();
          promise.deliver(here{this_thread()});
        });
      return promise;
    }};
  }

private:
  boost::asio::io_context& io_;
};

locator::behavior_type locate(locator::pointer) {
  return {[](const where&) { return here{this_thread()}; }};
}

/// An author's actor that asks very often at once; counts how often it was woken.
class eager final : public caf::event_based_actor {
public:
  struct record {
    std::atomic<int> woken{0};
    std::promise<void> asked;
    std::promise<void> answered;
  };

  eager(caf::actor_config& cfg, locator whom, std::shared_ptr<record> seen)
      : caf::event_based_actor(cfg), whom_(std::move(whom)), seen_(std::move(seen)) {}

  caf::resumable::resume_result resume(caf::execution_unit* unit, std::size_t most) override {
    ++seen_->woken;
    return caf::event_based_actor::resume(unit, most);
  }

  caf::behavior make_behavior() override {
    for (left_ = 0; left_ < questions; ++left_)
      request(whom_, caf::infinite, where{}).then([this](const here&) {
        if (--left_ == 0)
          seen_->answered.set_value();
      });
    seen_->asked.set_value();
    return {};
  }

private:
  /// No more than a resident answers in one go.
  static constexpr int questions = 50;

  locator whom_;
  std::shared_ptr<record> seen_;
  int left_ = 0;
};

/// An author's actor that counts how often it has gone to rest, and reports the message that wakes
/// it.
class napper final : public caf::event_based_actor {
public:
  struct record {
    std::atomic<int> rests{0};
    std::promise<void> woken;
  };

  napper(caf::actor_config& cfg, std::shared_ptr<record> seen)
      : caf::event_based_actor(cfg), seen_(std::move(seen)) {}

  caf::resumable::resume_result resume(caf::execution_unit* unit, std::size_t most) override {
    auto seen = seen_;
    auto result = caf::event_based_actor::resume(unit, most);
    ++seen->rests;
    seen->rests.notify_all();
    return result;
  }

  caf::behavior make_behavior() override {
    return {[this](caf::unit_t) { seen_->woken.set_value(); }};
  }

private:
  std::shared_ptr<record> seen_;
};

struct sharing : caf::actor_system_config {
  sharing() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
  }
};

class loop_test : public ::testing::Test {
public:
  std::string ask(caf::scoped_actor& self, const locator& whom, bool late = false) {
    std::string came;
    self->request(whom, caf::infinite, where{late})
        .receive([&](const here& answer) { came = answer.thread; },
                 [&](const caf::error& error) { came = to_string(error); });
    return came;
  }

  std::string loop_thread() {
    std::promise<std::string> found;
    boost::asio::post(running.io(), [&] { found.set_value(this_thread()); });
    return found.get_future().get();
  }

  sharing config;
  caf::actor_system system{config};
  loop running{system};
};

TEST_F(loop_test, a_resident_runs_on_the_loop_s_thread) {
  auto self = caf::scoped_actor{system};
  auto resident = spawn_resident<resident_locator>(system, running.unit(), running.io());
  EXPECT_EQ(ask(self, resident), loop_thread());
  EXPECT_EQ(ask(self, resident, true), loop_thread());
  self->send_exit(resident, caf::exit_reason::user_shutdown);
  self->wait_for(resident);
}

TEST_F(loop_test, an_author_s_actor_woken_by_a_resident_runs_elsewhere) {
  auto self = caf::scoped_actor{system};
  auto resident = spawn_resident<resident_locator>(system, running.unit(), running.io());
  auto author = system.spawn(locate);
  std::promise<std::string> told;
  // Asks the resident and says on which thread the answer is handled.
  auto relay = system.spawn([&](caf::event_based_actor* actor) {
    actor->request(resident, caf::infinite, where{true}).then([&](const here&) {
      told.set_value(this_thread());
    });
  });
  EXPECT_NE(told.get_future().get(), loop_thread());
  EXPECT_NE(ask(self, author), loop_thread());
  self->send_exit(resident, caf::exit_reason::user_shutdown);
  self->wait_for(resident);
}

TEST_F(loop_test, an_author_s_actor_is_woken_once_for_all_answers_of_a_turn) {
  auto self = caf::scoped_actor{system};
  auto resident = spawn_resident<resident_locator>(system, running.unit(), running.io());
  std::promise<void> open;
  boost::asio::post(running.io(), [gate = open.get_future().share()] { gate.wait(); });
  auto seen = std::make_shared<eager::record>();
  auto author = system.spawn<eager>(resident, seen);
  seen->asked.get_future().wait();
  open.set_value();
  seen->answered.get_future().wait();
  EXPECT_LE(seen->woken, 2); // To ask, and to hear.
  self->send_exit(resident, caf::exit_reason::user_shutdown);
  self->wait_for(resident);
}

TEST_F(loop_test, an_author_s_actor_woken_in_a_loop_s_last_turn_still_runs) {
  auto seen = std::make_shared<napper::record>();
  auto author = system.spawn<napper>(seen);
  seen->rests.wait(0);
  boost::asio::io_context io{1};
  auto unit = std::make_shared<loop_unit>(system, io);
  boost::asio::post(io, [&] {
    auto wake = caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, caf::unit);
    caf::actor_cast<caf::abstract_actor*>(author)->enqueue(std::move(wake), unit.get());
    io.stop();
  });
  unit->enter();
  io.run();
  unit->leave();
  EXPECT_EQ(seen->woken.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
}

TEST_F(loop_test, residents_answer_many_askers_from_many_threads) {
  auto resident = spawn_resident<resident_locator>(system, running.unit(), running.io());
  auto thread = loop_thread();
  std::vector<std::thread> askers;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i)
    askers.emplace_back([&, i] {
      auto self = caf::scoped_actor{system};
      for (int n = 0; n < 500; ++n)
        right += ask(self, resident, (n + i) % 2 == 0) == thread ? 1 : 0;
    });
  for (auto& each : askers)
    each.join();
  EXPECT_EQ(right, 2'000);
  auto self = caf::scoped_actor{system};
  self->send_exit(resident, caf::exit_reason::user_shutdown);
  self->wait_for(resident);
}

// A message may be in the mailbox before its sender has woken the loop.
TEST_F(loop_test, it_does_not_end_before_its_residents) {
  auto resident = spawn_resident<resident_locator>(system, running.unit(), running.io());
  EXPECT_FALSE(running.end(std::chrono::steady_clock::now() + std::chrono::milliseconds{50}));
  {
    auto self = caf::scoped_actor{system};
    EXPECT_EQ(ask(self, resident).empty(), false);
    self->send_exit(resident, caf::exit_reason::user_shutdown);
  }
  EXPECT_TRUE(running.end(std::chrono::steady_clock::now() + std::chrono::seconds{10}));
}

TEST_F(loop_test, a_resident_that_could_not_be_made_does_not_keep_it) {
  struct refuses : resident<locator> {
    refuses(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit)
        : resident<locator>(cfg, std::move(unit)) {
      throw std::runtime_error{"refused"};
    }
    behavior_type make_behavior() override {
      return {[](const where&) { return here{}; }};
    }
  };
  EXPECT_THROW(spawn_resident<refuses>(system, running.unit()), std::runtime_error);
  EXPECT_TRUE(running.end(std::chrono::steady_clock::now() + std::chrono::seconds{10}));
}

} // namespace
