// Forms made of classes, at a desk.
#include <tutti/dialogue.hpp>
#include <tutti/form.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

enum class direction { buy, sell };
BOOST_DESCRIBE_ENUM(direction, buy, sell)

struct order {
  std::string ticker;
  int quantity = 1;
  direction way = direction::buy;
  std::optional<std::chrono::year_month_day> good_until;
  bool urgent = false;
  std::vector<user_id> approvers;
};
BOOST_DESCRIBE_STRUCT(order, (), (ticker, quantity, way, good_until, urgent, approvers))

tutti::form<order> order_form() {
  tutti::form<order> made{"order", {"New order", "Place it", "Leave it"}};
  made.field(&order::ticker, {.label = "Instrument", .max_length = 5, .pattern = "^[A-Z]+$"});
  made.field(&order::quantity, {.least = 1, .most = 1'000});
  return made;
}

struct call_back {
  time_of_day at;
  std::optional<time_of_day> until;
  time_zone zone{"Europe/Paris"};
  chosen_rows orders;
};
BOOST_DESCRIBE_STRUCT(call_back, (), (at, until, zone, orders))

tutti::form<call_back> call_back_form(std::string opened_by = {}) {
  form_look look{"Call me back"};
  look.opened_by = std::move(opened_by);
  tutti::form<call_back> made{"call back", look};
  field_options table;
  table.header = {"Ticker", "Count"};
  table.rows = {{"A1", {"VOD", "10"}}, {"B2", {"IBM", "20"}}, {"C3", {"AAPL", "<30>"}}};
  made.field(&call_back::orders, table);
  return made;
}

class forms_test : public ::testing::Test {
public:
  /// Shows the form for `/form`, and says what comes back.
  void hears_form(form_rules rules = {}) {
    desk.bot().on("/form", "Shows a form", [rules](chat& chat) -> task<> {
      const auto which = order_form();
      co_await chat.say_form(which, rules);
    });
    desk.bot().on_form(order_form(), [](chat& chat, const order& what) -> task<> {
      co_await chat.say(to_json(to_value(what)));
    });
  }
  std::string says(const std::string& text) {
    ada.says(text);
    return ada.hears().text();
  }
  tutti::testing::filled_form good() {
    return ada.fills(desk.last_form())
        .with("ticker", "VOD")
        .with("quantity", "3")
        .with("way", "sell");
  }

  tutti::testing::desk desk;
  tutti::testing::desk_user ada = desk.user("ada");
};

TEST_F(forms_test, shows_what_the_class_has) {
  hears_form();
  ada.says("/form");
  const auto shown = ada.hears();
  for (const auto* each : {"New order", "Instrument", "Quantity", "Way", "Good until", "Urgent",
                           "Approvers", "Place it", "Leave it"})
    EXPECT_THAT(shown.presentation(), HasSubstr(each));
}

TEST_F(forms_test, a_reply_is_an_object_of_the_class) {
  hears_form();
  says("/form");
  const auto ben = desk.user("ben").id();
  good()
      .with("good_until", "2027-01-31")
      .with("urgent", "on")
      .with("approvers", std::to_string(ben.value()))
      .clicks("send");
  order wanted{"VOD",
               3,
               direction::sell,
               std::chrono::year_month_day{std::chrono::year{2027}, std::chrono::month{1},
                                           std::chrono::day{31}},
               true,
               {ben}};
  EXPECT_EQ(ada.hears().text(), to_json(to_value(wanted)));
}

TEST_F(forms_test, times_zones_and_rows_of_a_table_are_members) {
  for (const auto* opened_by : {"", "Call back"}) {
    tutti::testing::desk fresh;
    const auto shown = call_back_form(opened_by);
    fresh.bot().on("/form", "", [shown](chat& chat) -> task<> { co_await chat.say_form(shown); });
    fresh.bot().on_form(shown, [](chat& chat, const call_back& what) -> task<> {
      co_await chat.say(to_json(to_value(what)));
    });
    auto who = fresh.user("ada");
    who.says("/form");
    const auto first = who.hears();
    for (const auto* each :
         {"Call me back", "AAPL", "&lt;30&gt;", "tablesel-row-2", "Europe/Paris"})
      EXPECT_THAT(first.presentation(), HasSubstr(each)) << opened_by;
    EXPECT_EQ(first.presentation().find("<dialog") != std::string::npos, *opened_by != 0);
    who.fills(fresh.last_form())
        .with("at", "25:00:00")
        .with("zone", "Europe/London")
        .clicks("send");
    EXPECT_THAT(who.hears().text(), HasSubstr("At: \"25:00:00\""));
    who.hears();
    who.fills(fresh.last_form())
        .with("at", "09:30:00")
        .with("zone", "Europe/London")
        .with("tablesel-row-1", "on")
        .with("tablesel-row-3", "on")
        .clicks("send");
    EXPECT_EQ(who.hears().text(),
              to_json(to_value(call_back{{9, 30, 0}, {}, {"Europe/London"}, {{"A1", "C3"}}})));
    EXPECT_THAT(
        fresh.texts(first.stream().id),
        ::testing::Contains(HasSubstr("At: 09:30:00; Zone: Europe/London; Orders: A1, C3")));
  }
}

TEST_F(forms_test, what_may_be_left_out_is) {
  hears_form();
  says("/form");
  good().clicks("send");
  EXPECT_EQ(ada.hears().text(), to_json(to_value(order{"VOD", 3, direction::sell, {}, false, {}})));
}

TEST_F(forms_test, what_does_not_fit_is_said_with_the_form_again) {
  hears_form();
  says("/form");
  ada.fills(desk.last_form())
      .with("ticker", "VOD")
      .with("quantity", "many")
      .with("way", "buy")
      .clicks("send");
  EXPECT_EQ(ada.hears().text(), "Quantity: \"many\" is not a whole number.");
  EXPECT_THAT(ada.hears().presentation(), HasSubstr("New order"));
  ada.fills(desk.last_form())
      .with("ticker", "VOD")
      .with("quantity", "2000")
      .with("way", "buy")
      .clicks("send");
  EXPECT_THAT(ada.hears().text(), HasSubstr("not between 1 and 1000"));
  ada.hears();
  ada.fills(desk.last_form())
      .with("ticker", "vodafone")
      .with("quantity", "2")
      .with("way", "buy")
      .clicks("send");
  EXPECT_THAT(ada.hears().text(), HasSubstr("Instrument: at most 5 characters"));
}

TEST_F(forms_test, a_person_replies_once) {
  hears_form();
  says("/form");
  const auto shown = desk.last_form();
  good().clicks("send");
  ada.hears();
  ada.fills(shown).with("ticker", "BP").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(ada.hears().text(), "You have answered this form already.");
}

TEST_F(forms_test, may_be_for_one_person) {
  hears_form({.only = ada.id()});
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ada, ben});
  ada.says_in(room, "@my-bot /form");
  const auto shown = desk.last_form();
  ben.fills(shown).with("ticker", "BP").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(desk.texts(room).back(), "This form is for ada.");
  good().clicks("send");
  EXPECT_THAT(desk.texts(room), ::testing::Contains(HasSubstr("\"ticker\":\"VOD\"")));
  EXPECT_THAT(desk.texts(room),
              ::testing::Contains("Sent: Instrument: VOD; Quantity: 3; Way: sell; Urgent: no"));
}

TEST_F(forms_test, is_over_at_its_time) {
  hears_form({.expires = 1h});
  says("/form");
  const auto shown = desk.last_form();
  desk.restarts_the_bot();
  desk.passes(61min);
  EXPECT_EQ(ada.hears().text(), "This form is over.");
  ada.fills(shown).with("ticker", "BP").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(ada.hears().text(), "This form is over.");
}

TEST_F(forms_test, survives_the_process) {
  hears_form();
  says("/form");
  desk.restarts_the_bot();
  good().clicks("send");
  EXPECT_THAT(ada.hears().text(), HasSubstr("VOD"));
}

TEST_F(forms_test, one_that_it_has_not_said_is_answered) {
  hears_form();
  desk.bot().on("/plain", "A form", [](chat& chat) -> task<> {
    messageml::message made;
    made.add(order_form().content());
    co_await chat.say(made);
  });
  says("/plain");
  good().clicks("send");
  EXPECT_EQ(ada.hears().text(), "This form is not in use any more.");
}

TEST_F(forms_test, of_a_dialogue_is_one_of_its_steps) {
  desk.bot().on("/order", "Orders", [](dialogue& talk) -> task<> {
    const auto which = order_form();
    const auto filled = co_await talk.form(which);
    const auto sure = co_await talk.confirm("Place " + filled.ticker + "?");
    co_await talk.say(sure ? "Placed." : "As you like.");
  });
  ada.says("/order");
  const auto shown = ada.hears();
  desk.restarts_the_bot();
  ada.says("hello?"); // No reply.
  ada.fills(shown).with("ticker", "").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(ada.hears().text(), "Instrument is missing. Please try again.");
  ada.hears();
  desk.restarts_the_bot();
  good().clicks("send");
  EXPECT_THAT(ada.hears().text(), HasSubstr("Sent: Instrument: VOD"));
  EXPECT_EQ(ada.hears().text(), "Place VOD?");
  EXPECT_EQ(says("yes"), "Placed.");
}

TEST_F(forms_test, of_a_dialogue_may_be_cancelled_or_time_out) {
  desk.bot().on("/order", "Orders", [](dialogue& talk) -> task<> {
    const auto which = order_form();
    const ask_rules rules{10min, 3};
    co_await talk.form(which, rules);
  });
  says("/order");
  ada.fills(desk.last_form()).clicks("cancel");
  EXPECT_EQ(ada.hears().text(), "Cancelled.");
  EXPECT_EQ(ada.hears().text(), "/order was cancelled.");
  says("/order");
  desk.passes(11min);
  EXPECT_THAT(ada.unheard(),
              ElementsAre("This form is over.", "/order has ended: there was no answer in time."));
}

struct price {
  double amount = 1.5;
  std::optional<int> count;
  std::chrono::year_month_day on;
};
BOOST_DESCRIBE_STRUCT(price, (), (amount, count, on))

TEST_F(forms_test, numbers_and_dates_are_shown_as_people_write_them) {
  const tutti::form<price> which{"price"};
  messageml::message built;
  built.add(which.content());
  EXPECT_THAT(built.xml(), HasSubstr(">1.5<"));
  EXPECT_THAT(built.xml(), Not(HasSubstr("E0")));
  desk.bot().on("/price", "Asks", [which](dialogue& talk) -> task<> {
    const auto filled = co_await talk.form(which);
    co_await talk.say(to_json(to_value(filled)));
  });
  says("/price");
  ada.fills(desk.last_form())
      .with("amount", "2.5")
      .with("count", "99999999999")
      .with("on", "2026-12-31")
      .clicks("send");
  EXPECT_THAT(ada.hears().text(), HasSubstr("Count: 99999999999 is not between"));
}

TEST_F(forms_test, a_reply_that_a_dialogue_does_not_take_is_answered) {
  desk.bot().on("/order", "Orders", [](dialogue& talk) -> task<> {
    const auto which = order_form();
    co_await talk.form(which);
    co_await talk.say("Thanks.");
  });
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ada, ben});
  ada.says_in(room, "@my-bot /order");
  const auto shown = desk.last_form();
  ben.fills(shown).with("ticker", "BP").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(desk.texts(room).back(), "This form is for ada.");
  good().clicks("send");
  EXPECT_EQ(desk.texts(room).back(), "Thanks.");
  ada.fills(shown).with("ticker", "BP").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(desk.texts(room).back(), "This form is over.");
}

TEST_F(forms_test, sent_again_keeps_its_rules) {
  hears_form({.once = true, .expires = 1h});
  says("/form");
  ada.fills(desk.last_form())
      .with("ticker", "vod")
      .with("quantity", "1")
      .with("way", "buy")
      .clicks("send");
  ada.hears();
  const auto again = ada.hears();
  desk.passes(61min);
  EXPECT_EQ(ada.hears().text(), "This form is over.");
  ada.hears();
  ada.fills(again).with("ticker", "VOD").with("quantity", "1").with("way", "buy").clicks("send");
  EXPECT_EQ(ada.hears().text(), "This form is over.");
}

struct remark {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(remark, (), (text))

TEST_F(forms_test, that_the_agent_would_refuse_is_refused_at_the_start) {
  tutti::form<remark> bad{"remark"};
  bad.field(&remark::text, {.pattern = "("});
  desk.bot().on_form(bad, [](chat&, const remark&) {});
  EXPECT_THAT(desk.bot().start().error().detail, HasSubstr("'remark': text: "));
  tutti::testing::desk other;
  tutti::form<remark> long_text{"remark"};
  long_text.field(&remark::text, {.max_length = 5'000});
  other.bot().on_form(long_text, [](chat&, const remark&) {});
  EXPECT_THAT(other.bot().start().error().detail, HasSubstr("maxlength"));
}

TEST_F(forms_test, two_handlers_of_one_form_are_refused_at_the_start) {
  hears_form();
  desk.bot().on_form(order_form(), [](chat&, const order&) {});
  EXPECT_THAT(desk.bot().start().error().detail, HasSubstr("'order' is heard twice"));
}

} // namespace
