// A bot that answers what people say, while all that can go wrong does.
#pragma once

#include <tests/simulation/kit/report.hpp>
#include <tests/simulation/opening/setup.hpp>

#include <cstdint>

namespace tutti::simulation {

/// Runs the world of a seed until everything that was said has been answered, and ends the bot.
report hear_people(std::uint64_t seed, const key_halves& key, bool keep_trace);

} // namespace tutti::simulation
