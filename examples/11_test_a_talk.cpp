// A bot that hears and answers, tested with people who talk to it: without a network, in no time.
#include <tutti/testing/desk.hpp>

#include <gtest/gtest.h>

#include <map>

namespace {

using namespace std::chrono_literals;

/// A bot that takes orders: a ticker, then a quantity, then a moment of work.
class order_desk final : public tutti::conversation {
public:
  using conversation::conversation;

  void on_message(const tutti::message& heard) override {
    if (auto tickers = heard.cashtags(); !tickers.empty()) {
      ticker_ = tickers.front();
      return say("How many " + ticker_ + "?");
    }
    if (ticker_.empty())
      return say("Which instrument?");
    const auto count = std::atoi(heard.text().c_str());
    say(count > 0 ? "Bought: " + std::to_string(count) + " " + ticker_
                  : "That is no number. How many " + ticker_ + "?");
  }

private:
  std::string ticker_;
};

/// What the bot's own main() calls, too.
void set_up(tutti::bot& bot) {
  bot.listen<order_desk>();
}

TEST(order_bot, asks_for_what_is_missing) {
  tutti::testing::desk desk;
  set_up(desk.bot());
  auto ada = desk.user("ada");
  ada.says("I want to buy");
  EXPECT_EQ(ada.hears().text(), "Which instrument?");
  ada.says("$VOD");
  EXPECT_EQ(ada.hears().text(), "How many VOD?");
  ada.says("many");
  EXPECT_EQ(ada.hears().text(), "That is no number. How many VOD?");
  ada.says("5");
  EXPECT_EQ(ada.hears().text(), "Bought: 5 VOD");
}

TEST(order_bot, people_do_not_meet_each_other_s_orders) {
  tutti::testing::desk desk;
  set_up(desk.bot());
  auto ada = desk.user("ada");
  auto ben = desk.user("ben");
  ada.says("$VOD");
  ben.says("5");
  EXPECT_EQ(ben.hears().text(), "Which instrument?");
}

TEST(order_bot, says_it_once_though_the_agent_s_answer_is_lost) {
  tutti::testing::desk desk;
  set_up(desk.bot());
  auto ada = desk.user("ada");
  desk.loses_answers("/message/create");
  ada.says("$VOD");
  EXPECT_EQ(ada.hears().text(), "How many VOD?");
  desk.passes(10min);
  EXPECT_TRUE(ada.unheard().empty());
}

TEST(order_bot, hears_after_an_outage_what_was_said_in_it) {
  tutti::testing::desk desk;
  set_up(desk.bot());
  auto ada = desk.user("ada");
  ada.says("hello");
  EXPECT_EQ(ada.hears().text(), "Which instrument?");
  desk.refuses("/agent/", 503, 5);
  ada.says("$VOD");
  EXPECT_EQ(ada.hears().text(), "How many VOD?"); // Within a minute of the desk's time.
}

} // namespace
