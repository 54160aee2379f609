// Opens the files of a message.
#pragma once

#include <actors/loop/run_here.hpp>
#include <base/threads/job_door.hpp>
#include <base/threads/off_thread.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/outgoing_message.hpp>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

using message_files = std::vector<wire::form_content::file>;

/// Where waiting for a disk does no harm.
inline result<message_files> open_all(const std::vector<attachment>& all) {
  constexpr std::size_t most_files = 25;
  if (all.size() > most_files)
    return failure{errc::rejected, "a message carries 25 files at most", 0, "attachment"};
  constexpr std::uint64_t most_bytes = std::uint64_t{30} << 20;
  message_files opened;
  std::uint64_t bytes = 0;
  try {
    for (const auto& each : all) {
      if (each.name().empty())
        return failure{errc::rejected, "an attachment needs a name", 0, "attachment"};
      auto content = each.open();
      if (!content)
        return content.error();
      bytes += (*content)->size();
      opened.push_back({each.name(), each.content_type(), std::move(*content)});
    }
  } catch (const std::exception& error) { // No memory for it, say.
    return failure{errc::rejected, std::string{"a file cannot be read: "} + error.what(), 0,
                   "attachment"};
  }
  if (bytes > most_bytes)
    return failure{errc::rejected,
                   "the files of a message may have 30 MB in all; these have " +
                       std::to_string(bytes) + " bytes",
                   0, "attachment"};
  return opened;
}

/// Opens files where a slow disk delays nothing else. Part of an actor that runs `run_here`.
class file_reader {
public:
  /// `elsewhere`: on a thread of its own; not in tests, which have no other.
  explicit file_reader(bool elsewhere) : elsewhere_(elsewhere) {}

  /// Calls `use(files)` as `self`.
  template <class Self, class Use>
  void read(Self* self, std::vector<attachment> all, Use use) {
    if (all.empty())
      return use(result<message_files>{message_files{}});
    if (!elsewhere_)
      return use(open_all(all));
    if (!door_)
      door_ = std::make_shared<job_door>([whom = caf::actor_cast<caf::actor>(self)](auto job) {
        caf::anon_send(whom, run_here{std::move(job)});
      });
    run_off_thread([use, door = door_, all = std::move(all)] {
      auto shared = std::make_shared<result<message_files>>(open_all(all));
      // `use` is called by the actor itself only, which the door keeps from outliving.
      door->post([use, shared] { use(std::move(*shared)); });
    });
  }

  /// On exit.
  void close() {
    if (door_)
      door_->close();
  }

private:
  bool elsewhere_;
  std::shared_ptr<job_door> door_;
};

} // namespace tutti
