// Bytes that are too many to be held in memory: they are read while they are sent.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace tutti {

/// They can be read more than once: what is lost on the way is sent again.
class TUTTI_API body_source {
public:
  body_source() = default;
  body_source(const body_source&) = delete;
  body_source& operator=(const body_source&) = delete;
  virtual ~body_source();

  /// In bytes; never changes.
  virtual std::uint64_t size() const noexcept = 0;
  /// At least one byte from `offset` on, which is before the end, at most `count`. May block;
  /// called on any thread, also by several at once, and perhaps when who sends has given up: it
  /// owns what it uses.
  virtual result<std::string> read(std::uint64_t offset, std::size_t count) const = 0;
  /// `read` does not block.
  virtual bool in_memory() const noexcept { return false; }
};

/// What `read` answers, or `rejected` where it throws or breaks its word.
TUTTI_API result<std::string> read_part(const body_source& from, std::uint64_t offset,
                                        std::size_t count);
/// All of them, for a receiver that takes no parts.
TUTTI_API result<std::string> read_all(const body_source& from);

} // namespace tutti
