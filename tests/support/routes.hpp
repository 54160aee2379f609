// Routes of the pod, as the emulator counts them.
#pragma once

namespace tutti::testing {

inline constexpr auto create_path = "/pod/v1/im/create";
inline constexpr auto create_route = "POST /pod/v1/im/create";

} // namespace tutti::testing
