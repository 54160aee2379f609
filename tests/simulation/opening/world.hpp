// The whole core above a faulty transport, under virtual time and a scheduler that chance drives.
#pragma once

#include <tests/simulation/kit/report.hpp>
#include <tests/simulation/opening/setup.hpp>
#include <tests/simulation/wire/faulty_transport.hpp>

#include <tutti/testing/virtual_system.hpp>

#include <actors/spawn.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::simulation {

/// A bot that opens IMs: runs the world of a seed from its beginning to the end of the bot.
report ask_for_ims(std::uint64_t seed, const key_halves& key, bool keep_trace);

} // namespace tutti::simulation
