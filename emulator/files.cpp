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

/// Whole or not at all: others may read it meanwhile. A new file has `mode`, one that is there
/// keeps its own unless `always`.
void put(const std::string& path, const std::string& text, fs::perms mode, bool always) {
  std::error_code error;
  auto target = fs::path{path};
  if (fs::is_symlink(target, error))
    target = fs::canonical(target, error); // The link stays one.
  if (const auto old = fs::status(target, error); fs::exists(old) && !always)
    mode = old.permissions();
  const auto own = target.string() + ".new." + std::to_string(::getpid());
  fs::remove(own, error); // Of a process that was killed, with permissions that are not ours.
  const int file =
      ::open(own.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
  auto written = file >= 0;
  for (std::size_t done = 0; written && done < text.size();) {
    const auto count = ::write(file, text.data() + done, text.size() - done);
    written = count > 0;
    done += written ? static_cast<std::size_t>(count) : 0;
  }
  if (file >= 0)
    written = ::close(file) == 0 && written;
  if (written)
    fs::rename(own, target, error);
  if (!written || error) {
    fs::remove(own, error);
    throw std::runtime_error{path + ": cannot be written"};
  }
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
