// What a bot remembers, and what it does later: state of a person, reminders, a schedule.
#include <tutti/bot.hpp>
#include <tutti/state.hpp>

#include <chrono>
#include <string>
#include <vector>

struct notes {
  std::vector<std::string> all;
};
BOOST_DESCRIBE_STRUCT(notes, (), (all))

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  bot.on("/note {text:text}", "Takes a note",
         [](tutti::chat& chat, const std::string& text) -> tutti::task<> {
           auto kept = co_await chat.state<notes>("notes", tutti::state_scope::user);
           kept->all.push_back(text);
           co_await chat.say("Note " + std::to_string(kept->all.size()));
         });
  bot.on("/notes", "Shows your notes", [](tutti::chat& chat) -> tutti::task<> {
    auto kept = co_await chat.state<notes>("notes", tutti::state_scope::user);
    std::string text;
    for (const auto& each : kept->all)
      text += each + "\n";
    if (text.empty())
      text = "There are none.";
    co_await chat.say(text);
  });
  bot.on(
      "/remind {after:duration} {text:text}", "Says something later",
      [](tutti::chat& chat, std::chrono::seconds after, const std::string& text) -> tutti::task<> {
        chat.remind(after, "Reminder: " + text);
        co_await chat.say("I will.");
      });
  // Once on each working day, whatever the clocks in London do.
  bot.every("Mon-Fri 09:00 Europe/London", [](tutti::chat& chat) -> tutti::task<> {
    auto count = co_await chat.state<int>("days");
    ++*count;
  });
  return bot.run();
}
