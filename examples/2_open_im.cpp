// An actor of your own that asks the core for several IMs at once and prints how each ended.
// usage: example-2_open_im CONFIG USER_ID...
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <caf/event_based_actor.hpp>

#include <iostream>

using tutti::user_id;

/// Ends when all answers have come: an actor without a behavior lives as long as it waits.
void open_all(caf::event_based_actor* self, const tutti::im_actor& im,
              const std::vector<user_id>& users) {
  for (auto user : users)
    // im always answers, by its own deadline at the latest: no timeout of CAF's is needed.
    self->request(im, caf::infinite, tutti::create_im{.participants = {user}})
        .then(
            [user](const tutti::im_created& opened) {
              std::cout << user.value() << " open: " << opened.stream.text() << std::endl;
            },
            [user](const caf::error& error) {
              auto why = tutti::to_failure(error);
              std::cout << user.value() << " " << to_string(why) << std::endl;
            });
}

int main(int argc, char** argv) try {
  if (argc < 3)
    throw std::invalid_argument{"usage: example-2_open_im CONFIG USER_ID..."};
  std::vector<user_id> users;
  for (int i = 2; i < argc; ++i)
    users.push_back(user_id::parse(argv[i]).value());
  tutti::bot bot{tutti::config_file::load(argv[1]).value()};
  bot.start().value();
  auto opener = bot.system().spawn(open_all, bot.handles().im, users);
  bot.wait_for(opener).value();
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
