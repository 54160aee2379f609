// A page of docs/ that is what a test has seen.
#pragma once

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace tutti::testing {

/// The text of a file; empty when there is none.
inline std::string text_of_file(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream kept;
  kept << file.rdbuf();
  return kept.str();
}

/// Writes `seen` to `path`, or compares it with that file and shows the lines that differ.
inline bool page_holds(const std::string& path, const std::string& seen, bool write) {
  if (write)
    std::ofstream{path} << seen;
  const auto kept = text_of_file(path);
  if (kept == seen)
    return true;
  std::printf("%s is not what was seen; ./dev docs writes it again:\n", path.c_str());
  auto only_in = [](const std::string& one, const std::string& other, const char* mark) {
    std::istringstream lines{one};
    for (std::string line; std::getline(lines, line);)
      if (other.find(line + "\n") == std::string::npos)
        std::printf("%s%s\n", mark, line.c_str());
  };
  only_in(kept, seen, "- ");
  only_in(seen, kept, "+ ");
  return false;
}

} // namespace tutti::testing
