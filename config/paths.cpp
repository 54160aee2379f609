// Done with std::filesystem.
#include <config/paths.hpp>

#include <cstdlib>
#include <filesystem>

namespace tutti::config_file {

std::string path_from(const std::string& file, const std::string& path) {
  if (path.empty())
    return {};
  if (path.starts_with("~/")) {
    const auto* home = std::getenv("HOME");
    return home && *home ? home + path.substr(1) : path;
  }
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
