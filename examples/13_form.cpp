// A form made of a class: its members are the fields, and a reply is an object of it.
#include <tutti/bot.hpp>
#include <tutti/form.hpp>

#include <optional>
#include <string>

enum class side { buy, sell };
BOOST_DESCRIBE_ENUM(side, buy, sell)

struct order {
  std::string instrument;
  int quantity = 100;
  side way = side::buy;
  std::optional<std::chrono::year_month_day> good_until;
  bool urgent = false;
};
BOOST_DESCRIBE_STRUCT(order, (), (instrument, quantity, way, good_until, urgent))

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  tutti::form<order> form{"order", {"New order", "Place it", "Leave it"}};
  form.field(&order::instrument, {.pattern = "^[A-Z.]+$", .pattern_error = "capital letters"});
  form.field(&order::quantity, {.least = 1, .most = 10'000});

  bot.on("/order", "Shows the form of an order", [form](tutti::chat& chat) -> tutti::task<> {
    tutti::form_rules rules;
    rules.only = chat.sender().id;
    rules.expires = std::chrono::hours{1};
    co_await chat.say_form(form, rules);
  });
  bot.on_form(form, [](tutti::chat& chat, const order& filled) -> tutti::task<> {
    const auto* verb = filled.way == side::buy ? "Buying " : "Selling ";
    co_await chat.say(verb + std::to_string(filled.quantity) + " " + filled.instrument);
  });
  return bot.run();
}
