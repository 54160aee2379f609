// A bank's own entitlement service in place of Tutti's: users not on its list are denied.
// usage: example-3_custom_actor CONFIG ALLOWED_USER_ID OTHER_USER_ID
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <iostream>
#include <set>

using tutti::user_id;

/// Answers the same message as Tutti's own actor, so that those who ask see no difference.
tutti::entitlement_actor::behavior_type bank_entitlements(tutti::entitlement_actor::pointer,
                                                          const std::set<user_id>& allowed) {
  return {[allowed](const tutti::check_entitlement& asked) -> tutti::entitlement_checked {
    auto users = asked.users.users();
    if (std::all_of(users.begin(), users.end(), [&](auto each) { return allowed.contains(each); }))
      return {tutti::verdict::allowed, {}};
    return {tutti::verdict::denied,
            {tutti::errc::not_entitled, "not on the list of the bank; ask the compliance desk", 0,
             "bank_list"}};
  }};
}

int main(int argc, char** argv) try {
  if (argc != 4)
    throw std::invalid_argument{"usage: example-3_custom_actor CONFIG ALLOWED_USER_ID "
                                "OTHER_USER_ID"};
  auto allowed = user_id::parse(argv[2]).value();
  auto other = user_id::parse(argv[3]).value();

  tutti::core_factories own;
  own.entitlement = [&](const tutti::core_context& context) -> tutti::entitlement_actor {
    return context.system.spawn(bank_entitlements, std::set{allowed});
  };
  tutti::bot bot{tutti::config_file::load(argv[1]).value(), own};
  bot.start().value();
  for (auto user : {allowed, other}) {
    auto opened = bot.ask(tutti::create_im{.participants = {user}}).get();
    std::cout << (opened ? "open: " + to_string(opened->stream) : to_string(opened.error()))
              << std::endl;
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
