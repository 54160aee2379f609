// What a bot that hears does when reads of its feed and its sends go wrong, under virtual time.
#pragma once

#include <string>
#include <vector>

namespace tutti::testing {

struct talk_tables {
  /// Sections of the page.
  std::string page;
  /// What must not be, a line each.
  std::vector<std::string> broken;
};

talk_tables try_talks();

} // namespace tutti::testing
