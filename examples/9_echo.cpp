// A bot that hears and answers: it says again what people say to it, until a signal stops it.
// With `journal.path` in its configuration nothing is lost when it is killed in between.
#include <tutti/bot.hpp>

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  bot.on_message(
      [](tutti::chat& chat) -> tutti::task<> { co_await chat.say("You said: " + chat.text()); });
  return bot.run();
}
