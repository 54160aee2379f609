// Says again what people say, and marks what came late: the bot of killed.py and of the benchmark.
#include <tutti/bot.hpp>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: tutti-echo-bot CONFIG\n";
    return 64;
  }
  auto bot = tutti::bot::from_file(argv[1]);
  bot.on_message([](tutti::chat& chat) -> tutti::task<> {
    co_await chat.say((chat.event().marks.late ? "late " : "echo ") + chat.text());
  });
  return bot.run();
}
