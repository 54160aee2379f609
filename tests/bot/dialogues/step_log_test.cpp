#include <bot/hearing/dialogues/step_log.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using ::testing::HasSubstr;

class step_log_test : public ::testing::Test {
public:
  /// Why the next step cannot be that one; nothing: it can.
  static std::optional<dialogue_over> refusal(step_log& log, const std::string& kind,
                                              const std::string& name = {}) {
    try {
      log.next(kind, name);
    } catch (const dialogue_over& over) {
      return over;
    }
    return std::nullopt;
  }
  std::vector<kept_step> steps;
};

TEST_F(step_log_test, a_first_run_has_fresh_steps) {
  step_log log{steps};
  const auto one = log.next("say", "");
  EXPECT_TRUE(one.fresh);
  log.done(one.index, json_value{"m1"});
  EXPECT_TRUE(log.next("ask", "0").fresh);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].state, step_state::done);
  EXPECT_EQ(steps[1].state, step_state::begun);
}

TEST_F(step_log_test, a_later_run_has_the_steps_of_the_first) {
  step_log first{steps};
  first.done(first.next("say", "").index, json_value{"m1"});
  first.next("ask", "0");
  step_log second{steps};
  const auto one = second.next("say", "");
  EXPECT_FALSE(one.fresh);
  EXPECT_EQ(second.at(one.index).result, json_value{"m1"});
  EXPECT_FALSE(second.at_end());
  const auto two = second.next("ask", "0");
  EXPECT_FALSE(two.fresh);
  EXPECT_TRUE(second.at_end());
  EXPECT_TRUE(second.next("say", "").fresh);
}

TEST_F(step_log_test, another_step_than_the_kept_one_is_refused_with_both) {
  step_log{steps}.next("once", "book");
  step_log kind{steps};
  const auto other_kind = refusal(kind, "say");
  ASSERT_TRUE(other_kind);
  EXPECT_EQ(other_kind->reason(), dialogue_end::changed);
  EXPECT_STREQ(other_kind->what(), "step 1 is say here, and was once book");
  step_log name{steps};
  EXPECT_THAT(refusal(name, "once", "sell")->what(), HasSubstr("once sell here"));
}

TEST_F(step_log_test, there_is_an_end_to_the_steps) {
  step_log log{steps};
  for (std::size_t i = 0; i < step_log::most; ++i)
    log.next("say", "");
  const auto why = refusal(log, "say");
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason(), dialogue_end::too_long);
}

} // namespace
