// A bot that asks ten questions, whatever is answered: the bot of the benchmark's dialogues.
#include <tutti/bot.hpp>
#include <tutti/dialogue.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: tutti-bench-dialogue CONFIG\n";
    return 64;
  }
  auto bot = tutti::bot::from_file(argv[1]);
  bot.on("/order", "Asks ten questions", [](tutti::dialogue& talk) -> tutti::task<> {
    std::int64_t sum = 0;
    for (int i = 1; i <= 10; ++i) {
      const auto question = "How many of " + std::to_string(i) + "?";
      sum += co_await talk.ask<std::int64_t>(question);
    }
    const auto end = "In all: " + std::to_string(sum);
    co_await talk.say(end);
  });
  return bot.run();
}
