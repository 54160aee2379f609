// Reads a configuration from a text.
#pragma once

#include <tutti/config_file.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace tutti::testing {

inline config read(const std::string& yaml) {
  auto made = config_file::parse(yaml, "bot.yaml");
  if (!made)
    throw std::runtime_error{made.error().detail};
  return *made;
}

/// Why it is none.
inline std::string complaint(const std::string& yaml) {
  auto made = config_file::parse(yaml, "bot.yaml");
  if (made)
    return "no complaint";
  EXPECT_EQ(made.error().error, errc::misconfigured);
  return made.error().detail;
}

} // namespace tutti::testing
