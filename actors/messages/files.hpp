// Reads the files of a message.
#pragma once

#include <wire/agent/messages.hpp>

#include <tutti/outgoing_message.hpp>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

using message_files = std::vector<wire::form_content::file>;

/// Where waiting for a disk does no harm.
inline result<message_files> read_all(const std::vector<attachment>& all) {
  constexpr std::size_t most_files = 25;
  if (all.size() > most_files)
    return failure{errc::rejected, "a message carries 25 files at most", 0, "attachment"};
  message_files read;
  try {
    for (const auto& each : all) {
      auto content = each.read();
      if (!content)
        return content.error();
      read.push_back({each.name(), each.content_type(), std::move(*content)});
    }
  } catch (const std::exception& error) { // No memory for it, say.
    return failure{errc::rejected, std::string{"a file cannot be read: "} + error.what(), 0,
                   "attachment"};
  }
  return read;
}

} // namespace tutti
