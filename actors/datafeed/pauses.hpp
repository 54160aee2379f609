// How long the datafeed actor waits, and for what.
#pragma once

#include <chrono>

namespace tutti {

/// The agent answers within some 30 s.
inline constexpr std::chrono::milliseconds poll_patience{45'000};
inline constexpr std::chrono::milliseconds short_poll{200};
inline constexpr std::chrono::milliseconds first_login_pause{1'000};
/// Of what a lost feed has held over what the new one brings.
inline constexpr std::chrono::milliseconds longest_head_start{5'000};
/// A message is in the feed some time after the time that it has; and clocks differ.
inline constexpr std::chrono::seconds filed_late{60};

} // namespace tutti
