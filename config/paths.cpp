// Done with std::filesystem.
#include <config/paths.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

namespace tutti::config_file {

namespace {

/// As shells have it: the user's own entry where HOME is not set.
std::string home() {
  if (const auto* given = std::getenv("HOME"); given && *given)
    return given;
  std::array<char, 4096> room;
  passwd entry{};
  passwd* found = nullptr;
  return ::getpwuid_r(::getuid(), &entry, room.data(), room.size(), &found) == 0 && found
             ? found->pw_dir
             : "~";
}

} // namespace

std::string path_from(const std::string& file, const std::string& path) {
  if (path.empty())
    return {};
  if (path.starts_with("~/"))
    return home() + path.substr(1);
  auto folder = std::filesystem::path{file}.parent_path();
  return folder.empty() || path.front() == '/' ? path : (folder / path).lexically_normal().string();
}

std::string file_of(const std::string& place) {
  auto text = std::string_view{place};
  for (int i = 0; i < 3; ++i) // "file", "line", "column", " ".
    text = text.substr(0, text.rfind(':') == text.npos ? 0 : text.rfind(':'));
  return std::string{text};
}

} // namespace tutti::config_file
