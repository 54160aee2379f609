// Opens an IM with one user and says so.
// usage: example-1_hello CONFIG USER_ID
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <iostream>

class hello final : public tutti::conversation {
public:
  using conversation::conversation;

  void on_open(const tutti::im_created& im) override {
    std::cout << "open: " << im.stream.text() << std::endl;
    quit();
  }
};

int main(int argc, char** argv) try {
  if (argc != 3)
    throw std::invalid_argument{"usage: example-1_hello CONFIG USER_ID"};
  tutti::bot bot{tutti::config_file::load(argv[1]).value()};
  bot.start().value();
  auto talk = bot.converse<hello>({.participants = {tutti::user_id::parse(argv[2]).value()}});
  bot.wait_for(talk).value(); // Throws the reason when there is no IM.
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
