// Opens an IM with ada; bot.yaml names the pod, the bot and its key.
#include <tutti/by_name.hpp>
#include <tutti/config_file.hpp>

#include <iostream>

int main() {
  tutti::bot bot{tutti::config_file::load("bot.yaml").value()};
  bot.start().value();
  auto opened = bot.run(tutti::open_given_im(bot, {"ada"}, std::chrono::seconds{30})).get();
  std::cout << (opened ? opened->im.stream.text() : opened.error().detail) << std::endl;
  return opened ? 0 : 1;
}
