// Reads private keys as people hand them over, and names what they are when they are something
// else.
#pragma once

#include <base/crypto/openssl.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace tutti::crypto {

/// Why there is no key: for people, with the way out.
struct no_key {
  std::string detail;
  /// It is encrypted, and the password is missing or wrong.
  bool locked = false;
};

/// A PEM text with the line breaks it had before it went through an environment variable (where
/// they became `\n` as two characters, or blanks), or before files were put together. Without a
/// byte-order mark of UTF-8.
std::string tidy_pem(std::string_view text);

/// What of a PEM text no reader would take and no error would name: a mark that is not whole, a
/// block without its end, Base64 outside of a block, a label that is none; with its line. Empty:
/// nothing.
std::string flaw_of_pem(std::string_view pem);

/// ` (line N)`: where the block with that number (from 1) begins, among those whose label ends so;
/// empty for none.
std::string line_of_block(std::string_view pem, std::string_view label, std::size_t number);

/// The first private key of a PEM text (PKCS#1 or PKCS#8), whatever comes before it. In complaints
/// `source` names the text, and `password_key` the configuration's key of the password. If the text
/// has no such key, the complaint says what the text is (a public key, OpenSSH's form, DER,
/// PKCS#12, UTF-16, ...) and which command makes a key of it.
std::variant<key_ptr, no_key> read_private_key(std::string_view text, std::string_view source,
                                               const std::string& password,
                                               std::string_view password_key);

} // namespace tutti::crypto
