// A message as a bot receives it.
#pragma once

#include <tutti/export.hpp>
#include <tutti/ids.hpp>
#include <tutti/message_reader.hpp>
#include <tutti/stream.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// A user as events and messages show one (schema V4User). Service accounts have no first and last
/// name; what the pod withholds is empty.
struct user_info {
  user_id id;
  std::string display_name{};
  std::string email{};
  /// Of users of the bot's own company.
  std::string username{};
  std::string first_name{};
  std::string last_name{};

  friend bool operator==(const user_info&, const user_info&) = default;
};

/// A stream as events and messages show one (schema V4Stream).
struct message_stream {
  stream_id id;
  stream_type type = stream_type::other;
  /// Of a room; not every event has it.
  std::string room_name{};
  /// With users of other companies.
  bool external = false;

  friend bool operator==(const message_stream&, const message_stream&) = default;
};

/// A file of a message (schema V4AttachmentInfo); its content: `read_attachment`.
struct attachment_info {
  std::string id;
  std::string name;
  /// In bytes.
  std::size_t size = 0;

  friend bool operator==(const attachment_info&, const attachment_info&) = default;
};

/// What a message says and where it was said (schema V4Message). Copies share what is large.
class message {
public:
  /// What the members are made of.
  struct fields {
    std::string id{};
    message_stream stream{};
    user_info sender{};
    std::chrono::system_clock::time_point at{};
    /// PresentationML, and the entity data (JSON); either may be missing.
    std::string presentation{};
    std::string data{};
    std::vector<attachment_info> attachments{};
    std::string replacing{};
    std::string initial_id{};
    std::string parent_id{};
    /// Why the agent could not read it.
    std::string diagnostic{};
  };

  message() : message(fields{}) {}
  explicit message(fields given) : all_(std::make_shared<state>(std::move(given))) {}

  const std::string& id() const noexcept { return all_->given.id; }
  const message_stream& stream() const noexcept { return all_->given.stream; }
  const user_info& sender() const noexcept { return all_->given.sender; }
  /// By the agent's clock.
  std::chrono::system_clock::time_point at() const noexcept { return all_->given.at; }

  /// As a person reads it (see `messageml::read_message`).
  const std::string& text() const { return read().text; }
  /// Its parts, and whom and what it names.
  TUTTI_API const messageml::received_message& read() const;
  std::vector<user_id> mentions() const { return read().mentions(); }
  std::vector<std::string> hashtags() const {
    return read().values(messageml::piece_kind::hashtag);
  }
  std::vector<std::string> cashtags() const {
    return read().values(messageml::piece_kind::cashtag);
  }

  /// As it was received.
  const std::string& presentation() const noexcept { return all_->given.presentation; }
  const std::string& data() const noexcept { return all_->given.data; }

  const std::vector<attachment_info>& attachments() const noexcept {
    return all_->given.attachments;
  }
  /// The message that this one replaces; empty: it is no edit.
  const std::string& replacing() const noexcept { return all_->given.replacing; }
  /// The first form of a message that has been edited; else empty.
  const std::string& initial_id() const noexcept { return all_->given.initial_id; }
  /// The message that a person answered or forwarded; else empty.
  const std::string& parent_id() const noexcept { return all_->given.parent_id; }
  /// Why the agent could not read the message; empty for one that it could.
  const std::string& diagnostic() const noexcept { return all_->given.diagnostic; }

private:
  struct state;
  struct state {
    explicit state(fields all) : given(std::move(all)) {}
    fields given;
    /// Read at the first use.
    mutable std::shared_ptr<const messageml::received_message> read;
  };

  std::shared_ptr<const state> all_;
};

} // namespace tutti
