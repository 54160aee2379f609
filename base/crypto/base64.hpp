// Base64 as JWTs have it.
#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace tutti::crypto {

/// The standard alphabet, padded.
inline std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// URL-safe, without padding.
inline std::string to_base64_url(std::string_view bytes) {
  auto text = to_base64(bytes);
  while (!text.empty() && text.back() == '=')
    text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

/// Empty for a text that is none; takes the standard alphabet, too.
inline std::string from_base64_url(std::string_view given) {
  auto text = std::string{given};
  while (!text.empty() && text.back() == '=')
    text.pop_back();
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  auto padding = (4 - text.size() % 4) % 4;
  if (padding == 3)
    return {};
  text.append(padding, '=');
  std::string bytes(text.size(), '\0');
  auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (length < static_cast<int>(padding))
    return {};
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

} // namespace tutti::crypto
