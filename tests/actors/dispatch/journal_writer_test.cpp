#include <tests/support/hearing_fixture.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class journal_writer_test : public hearing_fixture {
public:
  std::vector<std::pair<std::string, std::string>> state(const std::string& scope = "s1") {
    auto read = sys.ask<state_read>(handles.dispatch, read_state{scope});
    sys.run();
    return read->values;
  }
  static handling leaving(std::vector<state_change> changes) {
    handling how;
    how.state = std::move(changes);
    return how;
  }
  std::uint64_t number_of_first() const { return hears->all[0].what->number; }
};

TEST_F(journal_writer_test, state_survives_the_core) {
  listen();
  hand_out({message("a")}, "a1");
  ends("a", leaving({{"s1", "count", "1"}, {"user 99", "name", "ada"}}));
  restart();
  EXPECT_THAT(state(), ElementsAre(Pair("count", "1")));
  EXPECT_THAT(state("user 99"), ElementsAre(Pair("name", "ada")));
  EXPECT_THAT(state("s2"), IsEmpty());
}

TEST_F(journal_writer_test, state_that_is_not_written_yet_is_read) {
  listen();
  hand_out({message("a"), message("b")}, "a1");
  ends("a", leaving({{"s1", "count", "1"}, {"s1", "gone", "x"}}));
  disk->full = true;
  ends("b", leaving({{"s1", "count", "2"}, {"s1", "gone", std::nullopt}}));
  EXPECT_THAT(state(), ElementsAre(Pair("count", "2")));
  disk->full = false;
  pass(2s);
  EXPECT_THAT(state(), ElementsAre(Pair("count", "2")));
}

TEST_F(journal_writer_test, what_a_handler_that_fails_has_left_is_not_kept) {
  listen();
  hand_out({message("a")}, "a1");
  auto how = leaving({{"s1", "count", "1"}});
  how.failed = failure{errc::internal, "it threw", 0, {}};
  ends("a", std::move(how));
  EXPECT_THAT(state(), IsEmpty());
}

TEST_F(journal_writer_test, a_handler_may_keep_something_before_its_end) {
  listen();
  hand_out({message("a")}, "a1");
  event_end so_far{number_of_first()};
  so_far.state = {{"s1", "step", "1"}};
  auto kept = sys.ask<state_kept>(handles.dispatch, keep_state{so_far});
  sys.run();
  EXPECT_TRUE(kept.ok());
  restart();
  EXPECT_THAT(state(), ElementsAre(Pair("step", "1")));
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
}

TEST_F(journal_writer_test, it_is_answered_once_it_is_kept) {
  listen();
  hand_out({message("a")}, "a1");
  disk->full = true;
  event_end so_far{number_of_first()};
  so_far.state = {{"s1", "step", "1"}};
  auto kept = sys.ask<state_kept>(handles.dispatch, keep_state{so_far});
  sys.run();
  EXPECT_FALSE(kept.settled());
  disk->full = false;
  pass(2s);
  EXPECT_TRUE(kept.ok());
}

} // namespace
