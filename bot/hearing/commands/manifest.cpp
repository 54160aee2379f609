#include <bot/hearing/commands/manifest.hpp>

#include <tutti/json_text.hpp>
#include <tutti/json_value.hpp>
#include <tutti/protocol/users.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace tutti::commands {

namespace {

std::string entry(std::string_view name, const std::string& help,
                  const std::vector<parameter>& parameters) {
  name.remove_prefix(1); // Clients put the slash before it.
  auto made = R"({"name":)" + json_text(name) + R"(,"desc":)" + json_text(help);
  std::string arguments;
  for (const auto& each : parameters)
    arguments.append(arguments.empty() ? "" : ",")
        .append(R"({"name":)")
        .append(json_text("[" + each.name + "]"))
        .append("}");
  if (!arguments.empty())
    made.append(R"(,"args":[)").append(arguments).append("]");
  return made + "}";
}

/// Characters as the pod counts them: those of Java, UTF-16.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
             text.begin(), text.end(),
             [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; })) +
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char each) {
           return static_cast<unsigned char>(each) >= 0xF0U;
         }));
}

failure flaw(const std::string& what) {
  return {errc::misconfigured, what, 0, "manifest"};
}

result<std::string> content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream read;
  if (!file || !(read << file.rdbuf()))
    return flaw("manifest: " + path + " cannot be read, or is empty");
  auto text = std::move(read).str();
  if (auto good = read_json(text); !good)
    return flaw("manifest: " + path + " is no JSON: " + good.error().detail);
  return text;
}

} // namespace

std::string manifest_of(const command_set& all, const command_texts& texts) {
  std::string made;
  auto add = [&](const std::string& one) { made.append(made.empty() ? "" : ",").append(one); };
  bool talks = false;
  for (const auto& each : all.all()) {
    talks = talks || each->declared.talk;
    std::string name;
    for (const auto& word : each->reads.words)
      name.append(name.empty() ? "" : " ").append(word);
    if (!each->declared.by_code && name.starts_with('/') && name.size() > 1 &&
        (!each->alive || *each->alive))
      add(entry(name, each->declared.help.empty() ? each->reads.usage() : each->declared.help,
                each->reads.parameters));
  }
  if (talks)
    add(entry(cancel_word, texts.help_of_cancel, {}));
  add(entry(help_word, texts.help_of_help, {}));
  return R"({"commands":[)" + made + "]}";
}

result<std::string> wanted_manifest(const commands_config& rules, const command_set& all,
                                    const command_texts& texts) {
  const auto own = !rules.manifest_file.empty();
  if (!rules.manifest || (!own && all.empty()))
    return std::string{};
  auto text = own ? content_of(rules.manifest_file) : manifest_of(all, texts);
  if (!text)
    return text;
  if (const auto count = characters(*text); count > longest_manifest)
    return flaw((own ? "manifest: " + rules.manifest_file
                     : "commands.manifest: what is made of the " + std::to_string(all.size()) +
                           " commands") +
                " has " + std::to_string(count) + " characters, and the pod takes " +
                std::to_string(longest_manifest) +
                (own ? "" : ": shorten the help texts, or give a shorter one as manifest: FILE"));
  return text;
}

task<> publish_manifest(bot& owner, std::string text, logger log) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest_pause{std::chrono::hours{1}};
  for (milliseconds pause{30'000};; pause = std::min(2 * pause, longest_pause)) {
    const get_manifest question;
    const auto there = co_await owner.ask(question);
    if (there && there->text == text)
      co_return;
    set_manifest asked;
    asked.text = text;
    const auto done = co_await owner.ask(asked);
    if (done) {
      log.info("manifest_published", {{"characters", std::to_string(text.size())}});
      co_return;
    }
    const auto why = done.error();
    if (why.error == errc::shutting_down || why.error == errc::cancelled)
      co_return;
    log.warn("manifest_not_published", {{"why", to_string(why)}});
    const auto final = why.error == errc::rejected || why.error == errc::not_entitled;
    if (final)
      co_return;
    if (const auto waited = co_await owner.after(pause); !waited)
      co_return;
  }
}

} // namespace tutti::commands
