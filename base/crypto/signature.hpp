// Checks signatures, compares and makes secrets.
#pragma once

#include <string>
#include <string_view>

namespace tutti::crypto {

/// Whether `signature` (RSASSA-PKCS1 SHA-512, RS512 in a JWT) of the text was made with the key of
/// that PEM certificate.
bool signed_with(std::string_view text, const std::string& signature,
                 const std::string& certificate);

/// Whether both are the same and not empty; the time it takes does not depend on where they differ.
bool same_secret(const std::string& one, const std::string& other);

/// A random token that cannot be guessed: 64 hexadecimal digits.
std::string random_token();

} // namespace tutti::crypto
