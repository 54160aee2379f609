// Files and texts on their way into a message.
#include <tutti/outgoing_message.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace tutti {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> endings{{
    {".csv", "text/csv"},
    {".doc", "application/msword"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".gif", "image/gif"},
    {".html", "text/html"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".json", "application/json"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".xml", "application/xml"},
    {".zip", "application/zip"},
}};

std::string usual_type(std::string_view name) {
  std::string lower;
  for (unsigned char c : name)
    lower += static_cast<char>(std::tolower(c));
  for (const auto& [ending, type] : endings)
    if (lower.ends_with(ending))
      return std::string{type};
  return "application/octet-stream";
}

failure unreadable(const std::string& path, std::string_view why) {
  return {errc::rejected,
          "attachment " + path + " cannot be read: " + std::string{why} +
              "; check the path and that the bot may read the file",
          0, "attachment"};
}

class text_source final : public body_source {
public:
  explicit text_source(std::string text) : text_(std::move(text)) {}

  std::uint64_t size() const noexcept override { return text_.size(); }
  result<std::string> read(std::uint64_t offset, std::size_t count) const override {
    return text_.substr(offset, count);
  }
  bool in_memory() const noexcept override { return true; }

private:
  std::string text_;
};

/// Opened for each part: a message that waits for its turn holds no descriptor.
class file_source final : public body_source {
public:
  using time = std::filesystem::file_time_type;

  file_source(std::string path, std::uint64_t size, time changed)
      : path_(std::move(path)), size_(size), changed_(changed) {}

  std::uint64_t size() const noexcept override { return size_; }
  result<std::string> read(std::uint64_t offset, std::size_t count) const override {
    if (!std::filesystem::is_regular_file(path_))
      return unreadable(path_, "it was changed while it was sent");
    std::ifstream from{path_, std::ios::binary};
    std::string part(std::min<std::uint64_t>(count, size_ - offset), '\0');
    from.seekg(static_cast<std::streamoff>(offset));
    const auto good = !from.read(part.data(), static_cast<std::streamsize>(part.size())).fail();
    const std::string why = std::strerror(errno);
    std::error_code wrong;
    const auto changed = std::filesystem::last_write_time(path_, wrong) != changed_ || wrong ||
                         std::filesystem::file_size(path_, wrong) != size_;
    if (changed && !wrong)
      return unreadable(path_, "it was changed while it was sent");
    if (wrong || !good)
      return unreadable(path_, wrong ? wrong.message() : why);
    return part;
  }

private:
  std::string path_;
  std::uint64_t size_;
  time changed_;
};

class function_source final : public body_source {
public:
  using reader = std::function<result<std::string>(std::uint64_t, std::size_t)>;

  function_source(std::string name, std::uint64_t size, reader read)
      : name_(std::move(name)), size_(size), read_(std::move(read)) {}

  std::uint64_t size() const noexcept override { return size_; }
  result<std::string> read(std::uint64_t offset, std::size_t count) const override {
    try {
      return read_(offset, count);
    } catch (const std::exception& error) {
      return unreadable(name_, error.what());
    }
  }

private:
  std::string name_;
  std::uint64_t size_;
  reader read_;
};

} // namespace

attachment attachment::file(std::string path, std::string content_type) {
  auto name = std::filesystem::path{path}.filename().string();
  if (content_type.empty())
    content_type = usual_type(name);
  attachment made{std::move(name), std::move(content_type)};
  made.path_ = std::move(path);
  return made;
}

attachment attachment::bytes(std::string name, std::string content, std::string content_type) {
  if (content_type.empty())
    content_type = usual_type(name);
  attachment made{std::move(name), std::move(content_type)};
  made.content_ = std::make_shared<text_source>(std::move(content));
  return made;
}

attachment attachment::source(std::string name, std::uint64_t size,
                              std::function<result<std::string>(std::uint64_t, std::size_t)> read,
                              std::string content_type) {
  auto made = bytes(std::move(name), {}, std::move(content_type));
  made.content_ = std::make_shared<function_source>(made.name_, size, std::move(read));
  return made;
}

result<std::shared_ptr<const body_source>> attachment::open() const {
  constexpr std::uint64_t most_bytes = std::uint64_t{30} << 20; // The agent's bound.
  auto opened = content_;
  if (!opened) {
    std::error_code wrong;
    const auto size = std::filesystem::file_size(path_, wrong);
    if (wrong)
      return unreadable(path_, wrong.message());
    const auto changed = std::filesystem::last_write_time(path_, wrong);
    if (!std::filesystem::is_regular_file(path_))
      return unreadable(path_, "it is no regular file");
    std::ifstream from{path_, std::ios::binary};
    if (wrong || !from)
      return unreadable(path_, wrong ? wrong.message() : std::strerror(errno));
    if (size == 0 && from.peek() != std::ifstream::traits_type::eof())
      return unreadable(path_, "its size is not known before it is read");
    opened = std::make_shared<file_source>(path_, size, changed);
  }
  if (opened->size() > most_bytes)
    return failure{errc::rejected,
                   "attachment " + (path_.empty() ? name_ : path_) + " has " +
                       std::to_string(opened->size()) +
                       " bytes; a message carries files of 30 MB at most",
                   0, "attachment"};
  return opened;
}

outgoing_message::outgoing_message(std::string_view text)
    : messageml_(messageml::message{text}.xml()) {}

outgoing_message outgoing_message::ready(std::string messageml, std::string data) {
  outgoing_message made;
  made.messageml_ = std::move(messageml);
  made.data_ = std::move(data);
  return made;
}

} // namespace tutti
