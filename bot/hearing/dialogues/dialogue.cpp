// The steps of a dialogue, as its author calls them.
#include <bot/hearing/dialogues/dialogue_run.hpp>

#include <tutti/bot.hpp>
#include <tutti/messageml.hpp>

#include <algorithm>
#include <random>

namespace tutti {

const user_info& dialogue::person() const noexcept {
  return run_.person();
}

const message_stream& dialogue::stream() const noexcept {
  return run_.stream();
}

tutti::bot& dialogue::bot() const noexcept {
  return run_.where().bot();
}

const std::string& dialogue::id() const noexcept {
  return run_.record().id;
}

task<message> dialogue::say(outgoing_message what) {
  return run_.say(std::move(what));
}

task<argument_value> dialogue::ask_for(detail::answer_form form, wanted_argument limits,
                                       outgoing_message question, std::vector<std::string> options,
                                       ask_rules rules) {
  return run_.ask(form, limits, std::move(question), std::move(options), rules);
}

task<detail::any_outcome> dialogue::any_of(std::vector<detail::any_branch> branches,
                                           ask_rules rules) {
  return run_.any(std::move(branches), rules);
}

task<json_value> dialogue::form_for(std::shared_ptr<const detail::form_definition> which,
                                    ask_rules rules) {
  return run_.form(std::move(which), rules);
}

namespace {

/// With the options below it.
outgoing_message listed(const outgoing_message& question, const std::vector<std::string>& options) {
  using namespace messageml;
  std::vector<list_item<content>> items;
  items.reserve(options.size());
  for (const auto& each : options)
    items.push_back(item(each));
  messageml::message below;
  below.add(numbers(items));
  constexpr std::string_view end = "</messageML>";
  constexpr std::string_view begin = "<messageML>";
  auto whole = question.messageml();
  whole.resize(std::min(whole.rfind(end), whole.size()));
  whole.append(below.xml(), begin.size());
  auto made = outgoing_message::ready(std::move(whole), question.data());
  for (const auto& each : question.attachments())
    made.attach(each);
  return made;
}

} // namespace

task<std::string> dialogue::choose(outgoing_message question, choices options, ask_rules rules) {
  if (options.all().empty())
    throw std::logic_error{"dialogue.choose: there are no options"};
  auto shown = listed(question, options.all());
  const wanted_argument any;
  auto chosen =
      co_await ask_for(detail::answer_form::text, any, std::move(shown), options.all(), rules);
  co_return std::get<std::string>(std::move(chosen));
}

task<bool> dialogue::confirm(outgoing_message question, ask_rules rules) {
  return ask<bool>(std::move(question), rules);
}

task<dialogue::begun> dialogue::begin_once(std::string name, once_rules rules) {
  auto begun = co_await run_.begin_once(std::move(name), rules);
  co_return dialogue::begun{std::move(begun.done), std::move(begun.key)};
}

task<> dialogue::end_once(std::exception_ptr thrown, json_value result) {
  std::optional<std::string> failed;
  try {
    if (thrown)
      std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    failed = error.what();
  } catch (...) {
    failed = "it threw something that is no exception";
  }
  co_await run_.end_once(std::move(failed), std::move(result));
  if (thrown)
    std::rethrow_exception(thrown);
}

task<> dialogue::wait(std::chrono::milliseconds time) {
  return run_.wait_until(time, {});
}

task<> dialogue::wait_until(std::chrono::system_clock::time_point when) {
  return run_.wait_until({}, when);
}

task<std::chrono::system_clock::time_point> dialogue::now() {
  const auto kept = co_await run_.value("now", [this] { return to_value(bot().now()); });
  std::chrono::system_clock::time_point read;
  read_value(kept, read);
  co_return read;
}

task<std::int64_t> dialogue::random() {
  const auto kept = co_await run_.value("random", [] {
    std::random_device source;
    std::uniform_int_distribution<std::int64_t> any{0};
    return json_value{any(source)};
  });
  std::int64_t read = 0;
  read_value(kept, read);
  co_return read;
}

} // namespace tutti
