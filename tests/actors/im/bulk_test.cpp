#include <tests/support/core_fixture.hpp>

#include <tutti/testing/scripted.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class bulk_test : public core_fixture {
public:
  bulk_test() { replacements = everybody_allowed(); }

  void SetUp() override {
    start();
    open({user(99)}); // Whoami is out of the way.
    created("Z");
    watcher = sys.system.spawn([this]() -> bulk_watcher::behavior_type {
      return {[this](im_settled& one) { told.push_back(one); }};
    });
  }

  ~bulk_test() override { sys.kill(watcher); }

  asked<ims_opened> open_all(std::int64_t count, std::size_t at_once, open_ims more = {}) {
    for (std::int64_t i = 1; i <= count; ++i)
      more.sets.push_back({user(i)});
    more.at_once = at_once;
    more.watcher = watcher;
    auto pending = sys.ask<ims_opened>(handles.bulk, std::move(more));
    sys.run();
    return pending;
  }

  int under_way() const { return http.count(create_path) - 1 - answered; }
  void answer_next(const std::string& id) {
    created(id);
    ++answered;
  }

  bulk_watcher watcher;
  std::vector<im_settled> told;
  int answered = 0;
};

TEST_F(bulk_test, opens_all_some_at_a_time_and_tells_of_each_as_it_comes) {
  auto all = open_all(5, 2);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(under_way(), std::min(2, 6 - i));
    EXPECT_FALSE(all.settled());
    answer_next("S" + std::to_string(i));
    ASSERT_EQ(told.size(), static_cast<std::size_t>(i));
    EXPECT_EQ(told.back().index, static_cast<std::size_t>(i - 1));
  }
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->outcomes.size(), 5U);
  EXPECT_EQ(all->outcomes[4].opened->stream.text(), "S5");
}

TEST_F(bulk_test, one_that_fails_holds_up_nobody) {
  open_ims more;
  more.sets = {{}}; // No participants.
  auto all = open_all(2, 1, more);
  answer_next("A");
  http.answer(create_path, 400, R"({"message":"no such user"})");
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->outcomes[0].refused.error, errc::invalid_participants);
  EXPECT_TRUE(all->outcomes[1].opened);
  EXPECT_EQ(all->outcomes[2].refused.error, errc::rejected);
}

TEST_F(bulk_test, the_same_set_twice_is_one_call) {
  open_ims more;
  more.sets = {{user(1)}};
  auto all = open_all(1, 16, more);
  EXPECT_EQ(under_way(), 1);
  answer_next("A");
  EXPECT_EQ(all->outcomes[0].opened->origin, im_origin::pod);
  EXPECT_EQ(all->outcomes[1].opened->origin, im_origin::joined);
}

TEST_F(bulk_test, each_has_its_own_deadline) {
  open_ims more;
  more.im_timeout = 1s;
  auto all = open_all(2, 1, more);
  sys.advance(1100ms);
  EXPECT_EQ(told.at(0).outcome.refused.error, errc::deadline_exceeded);
  EXPECT_FALSE(all.settled());
  EXPECT_EQ(http.count(create_path), 3);
  sys.advance(1100ms);
  EXPECT_EQ(all->outcomes[1].refused.error, errc::deadline_exceeded);
}

TEST_F(bulk_test, taken_back_it_asks_for_no_more_and_says_what_is_open) {
  open_ims more;
  more.ticket = call_ticket::next();
  auto all = open_all(5, 2, more);
  answer_next("A");
  caf::anon_send(handles.bulk, cancel_bulk{more.ticket});
  sys.run();
  ASSERT_TRUE(all.ok());
  EXPECT_TRUE(all->outcomes[0].opened);
  for (std::size_t i = 1; i < 5; ++i)
    EXPECT_EQ(all->outcomes[i].refused.error, errc::cancelled);
  EXPECT_EQ(told.size(), 5U);
  EXPECT_EQ(told.back().ticket, more.ticket);
  EXPECT_EQ(http.seen().cancelled.size(), 2U);
  EXPECT_EQ(http.count(create_path), 4);
}

TEST_F(bulk_test, two_bulks_do_not_mix) {
  auto one = open_all(2, 1);
  open_ims other;
  other.as = identity::on_behalf_of(user(42));
  auto two = open_all(1, 1, other);
  answer_next("A");
  answer_next("B");
  EXPECT_TRUE(two.ok());
  EXPECT_FALSE(one.settled());
  answer_next("C");
  EXPECT_EQ(one->outcomes[1].opened->stream.text(), "C");
}

TEST_F(bulk_test, of_nothing_comes_nothing) {
  auto all = open_all(0, 4);
  EXPECT_TRUE(all.ok());
  EXPECT_TRUE(all->outcomes.empty());
}

TEST_F(bulk_test, a_bulk_without_an_asker_ends) {
  auto all = open_all(5, 1);
  sys.kill(all.asker);
  answer_next("A");
  EXPECT_EQ(http.count(create_path), 2);
  EXPECT_EQ(told.size(), 5U);
}

TEST_F(bulk_test, at_the_end_the_asker_has_what_is_open) {
  auto all = open_all(3, 1);
  answer_next("A");
  sys.kill(handles.bulk);
  ASSERT_TRUE(all.ok());
  EXPECT_TRUE(all->outcomes[0].opened);
  EXPECT_EQ(all->outcomes[1].refused.error, errc::shutting_down);
  EXPECT_EQ(all->outcomes[2].refused.error, errc::shutting_down);
}

TEST_F(bulk_test, when_im_ends_each_is_told_so) {
  auto all = open_all(3, 1);
  sys.kill(handles.im);
  ASSERT_TRUE(all.ok());
  for (const auto& each : all->outcomes)
    EXPECT_EQ(each.refused.error, errc::shutting_down);
}

} // namespace
