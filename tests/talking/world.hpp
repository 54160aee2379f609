// People who talk with a bot by dialogues of twelve steps, while the bot is killed again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tutti::talking {

struct report {
  /// What did not hold; empty when all did.
  std::vector<std::string> objections;
  std::size_t dialogues = 0;
  std::size_t finished = 0;
  /// Those that ended because the bot was killed in a work of theirs.
  std::size_t interrupted = 0;
  std::size_t timed_out = 0;
  std::size_t kills = 0;
  /// How often a form was sent in the place of an answer in words.
  std::size_t forms = 0;
};

/// Each dialogue comes to its end: nothing is asked twice, each work is done once, what came by
/// chance stays, waits and time-outs have their time.
report hold_dialogues(std::uint64_t seed);

} // namespace tutti::talking
