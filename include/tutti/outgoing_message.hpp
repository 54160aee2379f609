// A message to be sent: its content and its files.
#pragma once

#include <tutti/body_source.hpp>
#include <tutti/export.hpp>
#include <tutti/messageml.hpp>
#include <tutti/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

/// A file that goes with a message, at most 30 MB. It is read while the message is sent, part by
/// part, and again if that has to be repeated.
class TUTTI_API attachment {
public:
  /// A file of this machine, shown under its own name. `content_type`: empty for the usual one of
  /// its ending.
  static attachment file(std::string path, std::string content_type = {});
  /// These bytes.
  static attachment bytes(std::string name, std::string content, std::string content_type = {});
  /// What `read(offset, count)` answers: at least one byte from `offset` on, at most `count`;
  /// `size` bytes in all. Called on threads of their own, where it may block; by several at
  /// once, and perhaps after `say` has failed: it owns what it uses.
  static attachment source(std::string name, std::uint64_t size,
                           std::function<result<std::string>(std::uint64_t, std::size_t)> read,
                           std::string content_type = {});

  const std::string& name() const noexcept { return name_; }
  const std::string& content_type() const noexcept { return content_type_; }
  /// Its bytes, with the size that it has now; fails for a file that cannot be read, or is larger
  /// than the agent takes. May block.
  result<std::shared_ptr<const body_source>> open() const;

private:
  attachment(std::string name, std::string content_type)
      : name_(std::move(name)), content_type_(std::move(content_type)) {}

  std::string name_;
  std::string content_type_;
  /// Of a file; else empty.
  std::string path_;
  std::shared_ptr<const body_source> content_;
};

/// What a bot says. A text is shown as it is: nothing in it is markup.
class TUTTI_API outgoing_message {
public:
  outgoing_message() = default;
  outgoing_message(std::string_view text);
  outgoing_message(const char* text) : outgoing_message(std::string_view{text}) {}
  outgoing_message(const std::string& text) : outgoing_message(std::string_view{text}) {}
  /// Throws `messageml::build_error` for one that the agent would refuse as a whole.
  outgoing_message(const messageml::message& built) : messageml_(built.xml()) {}

  /// MessageML that is ready, with its entity data (JSON; empty: none). The agent checks both.
  static outgoing_message ready(std::string messageml, std::string data = {});

  outgoing_message& attach(attachment what) {
    attachments_.push_back(std::move(what));
    return *this;
  }

  /// `<messageML>...</messageML>`
  const std::string& messageml() const noexcept { return messageml_; }
  const std::string& data() const noexcept { return data_; }
  const std::vector<attachment>& attachments() const noexcept { return attachments_; }

private:
  std::string messageml_;
  std::string data_;
  std::vector<attachment> attachments_;
};

} // namespace tutti
