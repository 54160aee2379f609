// Reads with open and read: the buffers of streams are not overwritten after use.
#include <tutti/secret_file.hpp>

#include <base/threads/off_thread.hpp>

#include <fmt/format.h>

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <pwd.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tutti {

namespace {

/// Room for most files from the start.
constexpr std::size_t first_room = std::size_t{64} << 10;

constexpr std::chrono::milliseconds patience{5'000};

/// UTF-8's byte-order mark, which some editors put before the text.
constexpr std::string_view mark = "\xEF\xBB\xBF";

struct read_or_not {
  std::optional<std::string> text;
  int why = 0;
};

} // namespace

std::string readable_by_others(const std::string& path) {
  struct stat found {};
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if (path.empty() || ::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode) ||
      (found.st_mode & others) == 0)
    return {};
  return fmt::format("{} may be read by others than its owner (mode {:04o}); run: chmod 600 {}",
                     path, found.st_mode & 07777U, path);
}

namespace {

std::string user_name(uid_t id) {
  std::array<char, 4096> room;
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(id, &entry, room.data(), room.size(), &found) == 0 && found)
    return found->pw_name;
  return fmt::format("user {}", id);
}

/// The file, or the first folder above it that may be looked at: what keeps the process out, and
/// the way out.
std::string obstacle(const std::string& path) {
  std::error_code none;
  auto place = std::filesystem::absolute(path, none);
  struct stat found {};
  while (::stat(place.c_str(), &found) != 0 && place.has_relative_path())
    place = place.parent_path();
  auto text =
      fmt::format("{} belongs to {} (mode {:04o}), and this process runs as {}", place.string(),
                  user_name(found.st_uid), found.st_mode & 07777U, user_name(::geteuid()));
  if (found.st_uid == ::geteuid())
    return fmt::format("{}: chmod u+{} {}", text, S_ISDIR(found.st_mode) ? "x" : "r",
                       place.string());
  return text + ": make that user the owner; a unit of systemd is given it by "
                "LoadCredential=NAME:FILE, and the path is then ${CREDENTIALS_DIRECTORY}/NAME";
}

} // namespace

std::string why_unreadable(const std::string& path, int error) {
  auto why = std::generic_category().message(error);
  if (error == EACCES)
    return why + "; " + obstacle(path);
  std::error_code none;
  if (error == ENOENT && !path.starts_with('/'))
    why += "; looked for as " + std::filesystem::absolute(path, none).string();
  return why;
}

std::optional<std::string> read_secret(const std::string& path, std::size_t most) {
  const auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return std::nullopt;
  std::string text(std::min(first_room, most), '\0');
  std::size_t size = 0;
  ssize_t count = 0;
  while (size < most && (count = ::read(file, text.data() + size, text.size() - size)) > 0) {
    size += static_cast<std::size_t>(count);
    if (size == text.size() && size < most) {
      std::string larger(std::min(2 * size, most), '\0');
      std::copy(text.begin(), text.end(), larger.begin());
      cleanse(text);
      text = std::move(larger);
    }
  }
  const auto why = errno;
  ::close(file);
  errno = why;
  if (count < 0) {
    cleanse(text);
    return std::nullopt;
  }
  text.resize(size);
  return text;
}

result<std::string> read_secret_text(const std::string& path) {
  auto unusable = [&](const std::string& why) {
    return failure{errc::misconfigured, path + " " + why, 0, "secret_file"};
  };
  auto read = within(patience, [path] {
    read_or_not made{read_secret(path), 0};
    made.why = made.text ? 0 : errno;
    return made;
  });
  if (!read)
    return unusable(fmt::format("has not answered for {} ms; is it a pipe, or on a disk of the "
                                "network that is away?",
                                patience.count()));
  if (!read->text)
    return unusable("cannot be read (" + why_unreadable(path, read->why) + ")");
  auto& text = *read->text;
  if (text.starts_with(mark))
    text.erase(0, mark.size());
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
    text.pop_back();
  if (text.empty())
    return unusable("is empty");
  return std::move(text);
}

void cleanse(std::string& secret) noexcept {
  secret.resize(secret.capacity());
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

} // namespace tutti
