// The names of the time-zone database.
#pragma once

#include <string_view>

namespace tutti::messageml {

bool is_zone_name(std::string_view name);

} // namespace tutti::messageml
