#include <bot/hearing/commands/command_set.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::commands;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class command_set_test : public ::testing::Test {
public:
  /// What `add` says of that command.
  template <class... Given>
  std::string add(const std::string& pattern, task<> (*handle)(chat&, Given...)) {
    return all.add(declare_command(pattern, "", handle));
  }

  static words said(const std::string& text) {
    messageml::received_message message;
    message.pieces.push_back({messageml::piece_kind::text, text});
    return split(message);
  }

  command_set::found find(const std::string& text) const { return all.find(said(text), 0); }

  /// The pattern that a message calls; what else it is, in brackets.
  std::string called(const std::string& text) const {
    const auto found = find(text);
    if (const auto* call = std::get_if<command_set::call>(&found))
      return call->which->declared.pattern;
    if (const auto* none = std::get_if<command_set::unknown>(&found))
      return "(unknown, nearest " + none->nearest + ")";
    return std::holds_alternative<command_set::misuse>(found) ? "(misuse)" : "(other)";
  }

  /// What the only parameter makes of that text.
  template <class T>
  static result<T> value(const std::string& parameter, const std::string& text) {
    command_set one;
    const auto flaw = one.add(declare_command("/x {" + parameter + "}", "", nothing<T>));
    EXPECT_EQ(flaw, "");
    auto found = one.find(said("/x " + text), 0);
    if (const auto* wrong = std::get_if<command_set::misuse>(&found))
      return failure{
          errc::rejected, filled(command_texts{}.*wrong->why.text, wrong->why.words), 0, {}};
    auto& call = std::get<command_set::call>(found);
    return detail::argument_type<T>::from(std::move(call.values.at(0)));
  }
  template <class T>
  static std::string complaint_about(const std::string& parameter, const std::string& text) {
    auto read = value<T>(parameter, text);
    return read ? "(none)" : read.error().detail;
  }

  template <class... Given>
  static task<> nothing(chat&, Given...) {
    co_return;
  }

  command_set all;
};

using string = std::string;

TEST_F(command_set_test, the_one_with_most_words_is_called) {
  EXPECT_EQ(add("/order {what}", nothing<string>), "");
  EXPECT_EQ(add("/order new", nothing<>), "");
  EXPECT_EQ(called("/order new"), "/order new");
  EXPECT_EQ(called("/ORDER New"), "/order new");
  EXPECT_EQ(called("/order old"), "/order {what}");
  EXPECT_EQ(called("/order"), "(misuse)");
  EXPECT_EQ(called("order new"), "(other)");
  EXPECT_EQ(called("please /order new"), "(other)");
}

TEST_F(command_set_test, what_is_no_command_gets_the_nearest_one) {
  EXPECT_EQ(called("/quote"), "(other)"); // A bot without commands answers none.
  add("/quote {ticker}", nothing<string>);
  add("/order new", nothing<>);
  EXPECT_EQ(called("/qoute VOD"), "(unknown, nearest /quote)");
  EXPECT_EQ(called("/order"), "(unknown, nearest /order new)");
  EXPECT_EQ(called("/weather"), "(unknown, nearest )");
  EXPECT_EQ(called("/"), "(other)");
  EXPECT_EQ(called("/" + std::string(100'000, 'q')), "(unknown, nearest )");
}

TEST_F(command_set_test, too_few_and_too_many_words_are_a_misuse) {
  add("/x {a} {b:int=7} {c?}", nothing<string, int, std::optional<string>>);
  EXPECT_EQ(called("/x"), "(misuse)");
  auto found = find("/x 1");
  auto& values = std::get<command_set::call>(found).values;
  EXPECT_EQ(std::get<std::int64_t>(values.at(1)), 7);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(values.at(2)));
  EXPECT_EQ(called("/x 1 2 3 4"), "(misuse)");
}

TEST_F(command_set_test, text_is_all_that_is_left) {
  add("/say {to} {what:text}", nothing<string, string>);
  auto found = find("/say ada  two  words \"and more\" ");
  EXPECT_EQ(std::get<string>(std::get<command_set::call>(found).values.at(1)),
            "two  words \"and more\"");
}

TEST_F(command_set_test, values_are_read_by_their_type) {
  EXPECT_EQ(value<int>("a:int", "+42").value(), 42);
  EXPECT_EQ(value<double>("a:decimal", "-1.5e3").value(), -1500);
  EXPECT_TRUE(value<bool>("a:bool", "Yes").value());
  EXPECT_FALSE(value<bool>("a:bool", "off").value());
  EXPECT_EQ(value<std::chrono::minutes>("a:duration", "1d2h30m").value(), 1'590min);
  EXPECT_EQ(value<std::chrono::milliseconds>("a:duration", "250ms").value(), 250ms);
  EXPECT_EQ(value<string>("a:cashtag", "$VOD").value(), "VOD");
  EXPECT_EQ(value<string>("a:hashtag", "#fx").value(), "fx");
  EXPECT_EQ(value<string>("a:choice(buy|sell)", "SELL").value(), "sell");
  using std::chrono::year_month_day;
  EXPECT_EQ(value<year_month_day>("a:date", "2028-02-29").value(),
            std::chrono::year{2028} / 2 / 29);
}

TEST_F(command_set_test, a_value_that_does_not_fit_is_told_with_the_parameter) {
  EXPECT_THAT(complaint_about<int>("count:int", "many"),
              HasSubstr("count: \"many\" is not a whole number"));
  EXPECT_THAT(complaint_about<std::int8_t>("a:int", "200"),
              HasSubstr("a: 200 is not between -128 and 127"));
  EXPECT_THAT(complaint_about<int>("a:int", "99999999999999999999"), HasSubstr("between"));
  EXPECT_THAT(complaint_about<int>("a:int", "+"), HasSubstr("whole number"));
  EXPECT_THAT(complaint_about<int>("a:int", "1.5"), HasSubstr("whole number"));
  EXPECT_THAT(complaint_about<double>("a:decimal", "nan"), HasSubstr("is not a number"));
  EXPECT_THAT(complaint_about<bool>("a:bool", "perhaps"), HasSubstr("neither yes nor no"));
  using std::chrono::year_month_day;
  for (const auto* text : {"2027-02-29", "2027-13-01", "27-1-1", "2027/01/01", "today"})
    EXPECT_THAT(complaint_about<year_month_day>("a:date", text), HasSubstr("not a date"));
  for (const auto* text : {"10", "10x", "m", "-5m", "1m1h", "1m2m", "99999999999d", "1.5h"})
    EXPECT_THAT(complaint_about<std::chrono::seconds>("a:duration", text),
                HasSubstr("not a duration"))
        << text;
  EXPECT_THAT(complaint_about<user_info>("a:user", "ada"), HasSubstr("mention one with @"));
  EXPECT_THAT(complaint_about<string>("a:cashtag", "VOD"), HasSubstr("begins with $"));
  EXPECT_THAT(complaint_about<string>("a:hashtag", "#"), HasSubstr("begins with #"));
  EXPECT_THAT(complaint_about<string>("a:choice(buy|sell)", "hold"),
              HasSubstr("none of: buy, sell"));
}

TEST_F(command_set_test, a_declaration_that_does_not_fit_its_handler_is_refused) {
  EXPECT_THAT(add("/a {x}", nothing<>),
              HasSubstr("command '/a {x}': the pattern has 1 parameters, and the handler takes 0"));
  EXPECT_THAT(add("/a {x:int}", nothing<string>),
              HasSubstr("{x} is of type int, and the handler takes std::string there"));
  EXPECT_THAT(add("/a {x?}", nothing<string>), HasSubstr("takes a std::optional there"));
  EXPECT_THAT(add("/a {x:int=many}", nothing<int>), HasSubstr("'many' is no value of type int"));
  EXPECT_THAT(add("/a {x:int=300}", nothing<std::int8_t>), HasSubstr("'300' is no value"));
  EXPECT_THAT(add("/a {", nothing<>), HasSubstr("command '/a {': "));
  EXPECT_TRUE(all.empty());
  EXPECT_THAT(add("/a b", nothing<>), IsEmpty());
  EXPECT_THAT(add("/A  B {x}", nothing<string>), HasSubstr("there is one with these words"));
}

TEST_F(command_set_test, what_a_duration_cannot_count_is_refused) {
  EXPECT_THAT(complaint_about<std::chrono::minutes>("a:duration", "90s"),
              HasSubstr("a: \"90s\" is not a multiple of 1m"));
  using short_millis = std::chrono::duration<int, std::milli>;
  EXPECT_THAT(complaint_about<short_millis>("a:duration", "60d"), HasSubstr("at most 24d"));
  EXPECT_EQ(value<std::chrono::microseconds>("a:duration", "5ms").value(), 5'000us);
  EXPECT_THAT(add("/wait {t:duration=90s}", nothing<std::chrono::minutes>),
              HasSubstr("'90s' is no value of type duration"));
}

TEST_F(command_set_test, what_a_person_wrote_is_said_again_in_short) {
  EXPECT_LT(complaint_about<int>("a:int", std::string(50'000, '<')).size(), 200U);
  EXPECT_THAT(complaint_about<int>("a:int", "+-5"), HasSubstr("whole number"));
}

TEST_F(command_set_test, a_word_in_quotes_is_no_command) {
  add("/sell", nothing<>);
  EXPECT_EQ(called("\"/sell\" is what I typed"), "(other)");
}

TEST_F(command_set_test, commands_of_a_plugin_go_with_it) {
  add("/own", nothing<>);
  auto alive = std::make_shared<std::atomic<bool>>(true);
  all.add(declare_command("/theirs", "", nothing<>), alive);
  *alive =
      false; // Whether it counts is for the listener to say: the event may be the next process's.
  EXPECT_EQ(called("/theirs"), "/theirs");
  all.keep_first(1);
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(called("/theirs"), "(unknown, nearest )");
}

} // namespace
