// A bot added to a seed, with its key pair and configuration.
#pragma once

#include <cstdint>
#include <string>

namespace tutti::emulator {

struct new_bot {
  std::string name;
  /// The seed it is added to; made, with two users to talk to, when it is not there.
  std::string seed;
  /// Where the bot's configuration will look for the pod.
  std::uint16_t port = 8080;
  std::string folder = ".";
};

/// Writes NAME.pem, NAME.pub.pem and NAME.yaml and adds the bot to the seed. Overwrites nothing.
/// Answers what to do next, for people; throws std::runtime_error.
std::string add_bot(const new_bot& wanted);

} // namespace tutti::emulator
