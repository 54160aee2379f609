#include <tests/support/core_fixture.hpp>

#include <actors/supervision/core_supervisor.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

class core_supervisor_test : public core_fixture {
public:
  void begin() {
    replacements = everybody_allowed();
    start();
    supervised_core what;
    what.handles = handles;
    what.make = [this] {
      if (broken)
        throw std::runtime_error{"no core today"};
      core fresh;
      auto own = replacements;
      own.http = [this](const core_context&) { return second_http.handle(); };
      own.auth = [this](const core_context& context) {
        return spawn_known_caller(context.system, whoami_count);
      };
      spawn_core(fresh, {sys.system, nullptr, nullptr, known}, settings, own, {});
      return fresh;
    };
    what.use = [this](const core& fresh) { handles = fresh; };
    what.give_up = [this](const failure& why) { given_up = why; };
    supervisor = spawn_core_supervisor(sys.system, std::move(what), {}, life);
    sys.run();
  }

  ~core_supervisor_test() override { sys.kill(supervisor); }

  template <class Handle>
  void crash(const Handle& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::kill);
    sys.run();
  }

  scripted_http second_http{sys};
  caf::actor supervisor;
  std::optional<failure> given_up;
  bool broken = false;
};

TEST_F(core_supervisor_test, a_crash_tells_all_askers_and_a_new_core_is_used) {
  begin();
  auto waiting = open({user(1)});
  auto old = handles.im;
  crash(handles.users);
  EXPECT_EQ(waiting.error(), errc::internal);
  EXPECT_NE(handles.im, old);
  EXPECT_FALSE(given_up);
  EXPECT_EQ(life->core_restarts.load(), 1U);
  EXPECT_TRUE(life->board.look().troubles.empty());
  auto again = open({user(1)});
  second_http.answer(create_path, 200, R"({"id":"abc"})");
  EXPECT_TRUE(again.ok());
}

TEST_F(core_supervisor_test, the_second_crash_is_the_last) {
  begin();
  crash(handles.im);
  ASSERT_FALSE(given_up);
  crash(handles.entitlement);
  ASSERT_TRUE(given_up);
  EXPECT_EQ(given_up->error, errc::internal);
  EXPECT_NE(given_up->detail.find("entitlement"), std::string::npos);
  EXPECT_EQ(life->board.look().troubles.at(0).what, "core");
}

TEST_F(core_supervisor_test, a_core_that_cannot_be_restarted_is_given_up) {
  begin();
  broken = true;
  crash(handles.auth);
  ASSERT_TRUE(given_up);
  EXPECT_NE(given_up->detail.find("no core today"), std::string::npos);
}

TEST_F(core_supervisor_test, an_orderly_end_is_no_crash) {
  begin();
  sys.kill(handles.im);
  EXPECT_FALSE(given_up);
  EXPECT_EQ(life->core_restarts.load(), 0U);
}

} // namespace
