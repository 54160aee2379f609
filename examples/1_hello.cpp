// A bot that opens an IM with one user and says so.
// usage: 1_hello CONFIG USER_ID   (./dev demo shows a pod to try it with)
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <iostream>

class hello final : public tutti::conversation {
public:
  using conversation::conversation;

private:
  void on_open(const tutti::im_created& opened) override {
    std::cout << "open: " << opened.stream.text() << std::endl;
    quit();
  }

  void on_refused(const tutti::failure& why) override {
    std::cerr << to_string(why) << std::endl;
    quit();
  }
};

int main(int argc, char** argv) {
  if (argc != 3)
    return std::cerr << "usage: 1_hello CONFIG USER_ID\n", 64;
  tutti::bot bot{tutti::config_file::load(argv[1]).value()};
  bot.start().value();
  auto talk = bot.converse<hello>({.participants = {tutti::user_id::parse(argv[2]).value()}});
  bot.wait_for(talk);
}
