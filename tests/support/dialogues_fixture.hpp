// A person at a desk, and a bot that takes orders in a dialogue.
#pragma once

#include <tutti/dialogue.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

#include <string>

namespace tutti::testing {

class dialogues_fixture : public ::testing::Test {
public:
  void order(ask_rules rules = {}) {
    desk.bot().on("/order", "Places an order", [this, rules](dialogue& talk) -> task<> {
      const auto ticker = co_await talk.ask<cashtag>("Which instrument?", rules);
      const auto count = co_await talk.ask<int>("How many?", rules);
      const auto sure =
          co_await talk.confirm("Buy " + std::to_string(count) + " " + ticker + "?", rules);
      if (sure) {
        const auto number = co_await talk.once("book", [&] { return ++booked; });
        co_await talk.say("Order " + std::to_string(number) + " is placed.");
      } else {
        co_await talk.say("As you like.");
      }
    });
  }
  std::string says(const std::string& text) {
    ada.says(text);
    return ada.hears().text();
  }

  tutti::testing::desk desk;
  tutti::testing::desk_user ada = desk.user("ada");
  int booked = 0;
};

} // namespace tutti::testing
