// Files by iostreams.
#include <emulator/files.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tutti::emulator {

namespace fs = std::filesystem;

std::string read_file(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || fs::is_directory(path) || !(text << file.rdbuf()))
    throw std::runtime_error{path + ": cannot be read, or is empty"};
  return std::move(text).str();
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream file{path};
  file << text;
  if (!file.flush())
    throw std::runtime_error{path + ": cannot be written"};
}

void write_secret(const std::string& path, const std::string& text) {
  // Empty first, so that the text is never in a file that other users may read.
  std::ofstream empty{path};
  empty.close();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error)
    throw std::runtime_error{path + ": cannot be written"};
  write_text(path, text);
}

} // namespace tutti::emulator
