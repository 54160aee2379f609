// Opens IMs in coroutines: two questions under way at once, one after the other where it matters.
// usage: example-6_coroutines CONFIG USERNAME USERNAME
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <iostream>

using tutti::result;
using tutti::stream_id;
using tutti::task;

/// The id of a user of the bot's own pod.
task<result<tutti::user_id>> find(tutti::bot& bot, std::string username) {
  tutti::find_named_users question;
  question.names = {username};
  auto found = co_await bot.ask(question);
  if (!found)
    co_return found.error();
  if (found->users.empty())
    co_return tutti::failure{tutti::errc::unknown_user, "nobody is called " + username, 0, {}};
  co_return found->users.begin()->second;
}

task<result<stream_id>> open(tutti::bot& bot, std::string username) {
  auto user = co_await find(bot, username);
  if (!user)
    co_return user.error();
  tutti::create_im question;
  question.participants = {*user};
  auto opened = co_await bot.ask(question);
  if (!opened)
    co_return opened.error();
  co_return opened->stream;
}

int main(int argc, char** argv) try {
  if (argc != 4)
    throw std::invalid_argument{"usage: example-6_coroutines CONFIG USERNAME USERNAME"};
  tutti::bot bot{tutti::config_file::load(argv[1]).value()};
  bot.start().value();
  auto one = bot.run(open(bot, argv[2])); // Both are on their way by now.
  auto two = bot.run(open(bot, argv[3]));
  for (auto* each : {&one, &two}) {
    auto opened = each->get();
    std::cout << (opened ? "open: " + to_string(*opened) : to_string(opened.error())) << std::endl;
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
