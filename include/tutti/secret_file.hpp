// Files that hold secrets: reading them, and who else may.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace tutti {

/// A line that names the file and the way out when others than its owner may read it; empty when
/// they may not, and for what is no plain file. Asks the file system: not on the I/O thread.
TUTTI_API std::string readable_by_others(const std::string& path);

/// The bytes of a file, `most` at most; nothing, with errno, for one that cannot be read. Leaves no
/// copy of them in freed memory. Blocks for as long as the file does not answer.
TUTTI_API std::optional<std::string> read_secret(const std::string& path,
                                                 std::size_t most = std::size_t{64} << 10);

/// The text of a file without byte-order mark and blanks at its end.
/// `errc::misconfigured` and the path when the file cannot be read, is empty, or has not answered
/// for five seconds (a pipe, a disk of the network that is away). Not on the I/O thread.
TUTTI_API result<std::string> read_secret_text(const std::string& path);

/// Why a file could not be read (`error`: errno), with the way out: whose it is when permission was
/// denied, where a relative path was looked for when there is none. Asks the file system and the
/// system's users: not on the I/O thread.
TUTTI_API std::string why_unreadable(const std::string& path, int error);

/// Overwrites a secret before its memory is given back.
TUTTI_API void cleanse(std::string& secret) noexcept;

} // namespace tutti
