// Files, read and written whole.
#pragma once

#include <string>

namespace tutti::emulator {

/// Throws std::runtime_error for a file that cannot be read or is empty.
std::string read_file(const std::string& path);

/// Throws std::runtime_error.
void write_text(const std::string& path, const std::string& text);

/// Writes a file that only its owner may read. Throws std::runtime_error.
void write_secret(const std::string& path, const std::string& text);

} // namespace tutti::emulator
