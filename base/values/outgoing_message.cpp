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
  made.content_ = std::make_shared<const std::string>(std::move(content));
  return made;
}

/// The agent's bound of one file.
constexpr std::size_t most_bytes = std::size_t{30} << 20;

result<std::size_t> attachment::size() const {
  if (content_)
    return content_->size();
  std::error_code wrong;
  auto size = std::filesystem::file_size(path_, wrong);
  if (wrong)
    return unreadable(path_, wrong.message());
  return static_cast<std::size_t>(size);
}

result<std::string> attachment::read() const {
  if (content_)
    return *content_;
  auto size = this->size();
  if (!size)
    return size.error();
  if (*size > most_bytes)
    return unreadable(path_, "it has more than 30 MB, which is what a message may carry");
  std::ifstream from{path_, std::ios::binary};
  std::string content(*size, '\0');
  if (!from.read(content.data(), static_cast<std::streamsize>(content.size())))
    return unreadable(path_, std::strerror(errno));
  return content;
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
