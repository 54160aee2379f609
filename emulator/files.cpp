// Reads files as a whole, and writes them so that no reader sees half of one.
#include <emulator/files.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tutti::emulator {

namespace fs = std::filesystem;

std::string read_file(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || fs::is_directory(path) || !(text << file.rdbuf()))
    throw std::runtime_error{path + ": cannot be read, or is empty"};
  return std::move(text).str();
}

namespace {

bool write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto count = ::write(file, text.data() + done, text.size() - done);
    if (count <= 0)
      return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

/// In place: of a device, or a file that cannot be replaced as it is mounted by itself.
bool overwrite(const fs::path& target, const std::string& text) {
  const int file = ::open(target.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0)
    return false;
  const auto written = write_all(file, text);
  return ::close(file) == 0 && written;
}

/// Whole or not at all: others may read it meanwhile. A new file has `mode`, one that is there
/// keeps its own unless `always`.
void put(const std::string& path, const std::string& text, fs::perms mode, bool always) {
  std::error_code error;
  auto target = fs::path{path};
  if (fs::is_symlink(target, error))
    target = fs::canonical(target, error); // The link stays one.
  const auto old = fs::status(target, error);
  if (fs::exists(old) && !always)
    mode = old.permissions();
  auto own = target.string() + ".XXXXXX";
  auto written = false;
  if (!fs::exists(old) || fs::is_regular_file(old))
    if (const int file = ::mkostemp(own.data(), O_CLOEXEC); file >= 0) {
      written = ::fchmod(file, static_cast<mode_t>(mode)) == 0 && write_all(file, text);
      written = ::close(file) == 0 && written;
      written = written && ::rename(own.c_str(), target.c_str()) == 0;
      if (!written)
        ::unlink(own.c_str());
    }
  if (!written && !(fs::exists(old) && overwrite(target, text)))
    throw std::runtime_error{path + ": cannot be written"};
}

} // namespace

void write_text(const std::string& path, const std::string& text) {
  using enum fs::perms;
  put(path, text, owner_read | owner_write | group_read | others_read, false);
}

void write_secret(const std::string& path, const std::string& text) {
  put(path, text, fs::perms::owner_read | fs::perms::owner_write, true);
}

} // namespace tutti::emulator
