// Hears more than messages: edits, people who join, answers to forms; asks for history and files.
#include <tutti/bot.hpp>

#include <chrono>
#include <iostream>

using tutti::event_kind;

tutti::task<> answer(tutti::chat& chat) {
  for (const auto& file : chat.message().attachments())
    std::cout << file.name << ": " << (co_await chat.read(file)).size() << " bytes\n";
  if (chat.text() == "today") {
    const auto today = std::chrono::system_clock::now() - std::chrono::hours{24};
    auto before = co_await chat.history(today);
    co_await chat.say(std::to_string(before.size()) + " messages since yesterday");
  }
}

tutti::task<> greet(tutti::chat& chat) {
  for (const auto& each : chat.event().affected)
    co_await chat.say("Welcome, " + each.display_name);
}

tutti::task<> correct(tutti::chat& chat) {
  co_await chat.say("You changed that to: " + chat.text());
}

tutti::task<> take_order(tutti::chat& chat) {
  const auto& form = chat.event().form;
  co_await chat.reply_in_im("Ordered: " + std::string{form.value("quantity")});
}

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  bot.on_message(answer);
  bot.on_edited(correct);
  bot.on(event_kind::user_joined_room, greet);
  bot.on(event_kind::form_replied, take_order);
  bot.on_given_up([](const tutti::event& what, const tutti::failure& why) {
    std::cerr << what.type << " " << what.message_id << ": " << why.detail << std::endl;
  });
  return bot.run();
}
