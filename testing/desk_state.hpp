// What a desk is made of.
#pragma once

#include <testing/desk_journal.hpp>
#include <testing/desk_log.hpp>
#include <testing/desk_wire.hpp>
#include <testing/keys.hpp>

#include <tutti/testing/desk.hpp>
#include <tutti/testing/virtual_system.hpp>

#include <emulator/control/people.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::testing {

inline constexpr std::int64_t own_company = 1;
inline constexpr const char* bot_name = "my-bot";

/// What the pod answers, unless it refuses.
template <class T>
T value_of(emulator::answer<T> said) {
  if (const auto* why = std::get_if<emulator::refusal>(&said))
    throw std::runtime_error{"HTTP " + std::to_string(why->status) + ": " + why->message};
  return std::get<T>(std::move(said));
}

inline stream_type type_of(const emulator::any_stream& one) {
  const std::string_view type = one.type();
  return type == "ROOM" ? stream_type::room : type == "MIM" ? stream_type::mim : stream_type::im;
}

class desk::state {
public:
  state(config settings, core_factories replacements) {
    // Logins have the time of this machine's clock, all else the desk's.
    wire->pod().options.session_lifetime = std::chrono::hours{24 * 365 * 10};
    wire->pod().users.add(emulator::company{own_company, "our.bank", {}});
    const auto id = add_user(bot_name, true);
    settings.hosts.fill({"http", "pod", 80, ""});
    settings.bot.username = bot_name;
    settings.bot.private_key.content = keys().private_pem;
    wire->pod().users.set_public_key(id, keys().public_pem);
    bot = tutti::detail::make_virtual_bot({sys.system, wire, journal, [this] { sys.run(); },
                                           [shared = wire] { return shared->time(); }},
                                          std::move(settings), std::move(replacements), log);
  }

  ~state() {
    tutti::detail::kill_virtual_bot(*bot);
    wire->drop_all();
    bot.reset();
    sys.run();
  }

  // -- people -----------------------------------------------------------------------

  emulator::uid add_user(const std::string& name, bool service) {
    emulator::user one;
    one.company = own_company;
    one.username = name;
    one.display_name = name;
    one.email = name + "@our.bank";
    one.service_account = service;
    return wire->pod().users.add(std::move(one));
  }

  const emulator::user& person(const std::string& name) const {
    const auto* found = wire->pod().users.find(name);
    if (!found)
      throw std::runtime_error{"nobody at the desk is called " + name};
    return *found;
  }

  std::string im_with_bot(const emulator::user& who) {
    return value_of(emulator::im_of(wire->pod(), who, {person(bot_name).id}, wire->time()));
  }

  std::string say(const emulator::user& who, const std::string& stream, emulator::draft what) {
    const auto* made =
        value_of(emulator::say_as(wire->pod(), who, stream, std::move(what), wire->time()));
    if (std::exchange(loses_feed, false))
      forget_feeds();
    runs();
    return made->id;
  }

  /// As the agent does after half an hour without a read.
  void forget_feeds() {
    auto& feeds = wire->pod().feeds;
    const auto owner = person(bot_name).id;
    std::vector<std::string> ids;
    for (const auto* each : feeds.of(owner, {}, wire->time()))
      ids.push_back(each->id);
    for (const auto& id : ids)
      value_of(feeds.remove(owner, id, wire->time()));
  }

  message shown(const emulator::message& one) const {
    message::fields all;
    const auto where = std::get<emulator::any_stream>(wire->pod().streams.find(one.stream));
    const auto& author = wire->pod().users.at(one.author);
    all.id = one.id;
    all.stream = {stream_id::make(one.stream).value(), type_of(where), {}, false};
    all.sender.id = user_id::make(author.id).value();
    all.sender.display_name = author.display_name;
    all.sender.username = author.username;
    all.at = std::chrono::system_clock::time_point{std::chrono::milliseconds{one.at}};
    all.presentation = one.presentation;
    all.data = one.data;
    all.replacing = one.replacing;
    for (const auto& each : one.attachments)
      all.attachments.push_back({each.id, each.name, each.bytes->size()});
    return message{std::move(all)};
  }

  /// What the bot has said where this person reads it, the oldest first.
  std::vector<const emulator::message*> said_to(const emulator::user& who) const {
    const auto bots = person(bot_name).id;
    std::vector<const emulator::message*> all;
    for (const auto& where : wire->pod().streams.of(who.id))
      for (const auto* each : wire->pod().messages.of(where.id()))
        if (each->author == bots && !each->suppressed)
          all.push_back(each);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto* one, const auto* other) { return one->at < other->at; });
    return all;
  }

  std::vector<const emulator::message*> unheard(const emulator::user& who) const {
    auto all = said_to(who);
    auto taken = heard.find(who.id);
    if (taken != heard.end())
      std::erase_if(all, [&](const auto* each) { return taken->second.contains(each->id); });
    return all;
  }

  // -- time -------------------------------------------------------------------------

  void begin() {
    if (!std::exchange(started, true))
      bot->start().value();
  }

  void runs() {
    begin();
    do
      sys.run();
    while (wire->step());
    if (std::exchange(wire->kills, false))
      restart();
  }

  /// Up to what is due next, but not beyond `until`; false when nothing is.
  bool advance(desk_wire::clock_time until) {
    runs();
    auto& clock = sys.scheduler().clock();
    auto due = wire->next();
    if (const auto& timers = clock.schedule(); !timers.empty())
      due = std::min(due.value_or(timers.begin()->first), timers.begin()->first);
    if (!due || *due > until)
      return false;
    clock.advance_time(std::max(*due - clock.now(), desk_wire::clock_time::duration{0}));
    runs();
    return true;
  }

  void passes(std::chrono::milliseconds time) {
    const auto until = sys.scheduler().clock().now() + time;
    while (advance(until)) {
    }
    auto& clock = sys.scheduler().clock();
    clock.advance_time(std::max(until - clock.now(), desk_wire::clock_time::duration{0}));
    runs();
  }

  void restart() {
    begin();
    tutti::detail::kill_virtual_bot(*bot);
    wire->drop_all();
    bot->start().value();
    runs();
  }

  virtual_system sys;
  std::shared_ptr<desk_wire> wire =
      std::make_shared<desk_wire>([this] { return sys.scheduler().clock().now(); });
  std::shared_ptr<desk_journal> journal = std::make_shared<desk_journal>();
  std::shared_ptr<desk_log> log = std::make_shared<desk_log>();
  std::unique_ptr<tutti::bot> bot;
  bool started = false;
  bool loses_feed = false;
  /// By person: the messages that were taken by `hears`.
  std::map<emulator::uid, std::set<std::string>> heard;
};

} // namespace tutti::testing
