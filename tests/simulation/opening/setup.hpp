// What chance chooses for a world: the bot's configuration, who is at the pod, and requests.
#pragma once

#include <tests/simulation/kit/chance.hpp>

#include <emulator/state/pod.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/im.hpp>

#include <string>
#include <vector>

namespace tutti::simulation {

/// A bot's private key (PEM), and the public half the pod knows.
struct key_halves {
  std::string private_pem;
  std::string public_pem;
};

/// Tight bounds and short times, so that they are met; in a calm world none that would refuse.
config choose_settings(chance& luck, bool calm, const key_halves& key);

struct people {
  user_id bot;
  std::vector<user_id> users;
  /// In whose name IMs are asked for.
  std::vector<identity> identities;
};

/// Two companies with a bot, its colleagues and users it is or is not connected with. `many`: the
/// bot acts for some of them.
people populate(emulator::pod& pod, chance& luck, bool many, const key_halves& key);

/// What an asker may come up with: mostly one other user, now and then nonsense.
create_im any_request(chance& luck, const people& all, const config& settings);

} // namespace tutti::simulation
