// A dialogue as one coroutine: it goes on after a restart of the bot, asks nothing twice, and books
// once. With `journal.path`, also when the process is killed.
#include <tutti/bot.hpp>
#include <tutti/dialogue.hpp>

#include <chrono>
#include <string>

namespace {

/// Stands for what your company has to book orders.
std::string book(const std::string& ticker, int count, const std::string& key) {
  return "B-" + std::to_string(count) + ticker + (key.empty() ? "" : "-1");
}

tutti::task<> order(tutti::dialogue& talk) {
  using namespace std::chrono_literals;
  const auto ticker =
      co_await talk.ask<tutti::cashtag>("Which instrument?", {.within = 10min, .attempts = 3});
  const auto count = co_await talk.ask<int>("How many?");
  const auto side = co_await talk.choose("Which side?", tutti::choices("Buy", "Sell"));
  const auto sure = co_await talk.confirm(side + " " + std::to_string(count) + " " + ticker + "?");
  if (!sure) {
    co_await talk.say("Nothing was ordered.");
    co_return;
  }
  const auto number =
      co_await talk.once("book", [&](const std::string& key) { return book(ticker, count, key); });
  co_await talk.say("Booked as " + number + ". I ask again in a minute how it went.");
  co_await talk.wait(1min);
  const auto fine = co_await talk.confirm("Is all as you wanted it?");
  co_await talk.say(fine ? "Good." : "Somebody of the desk will call you.");
}

} // namespace

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  bot.on("/order", "Places an order", order);
  return bot.run();
}
