// Bodies of text.hpp.
#include <emulator/text.hpp>

#include <boost/url/decode_view.hpp>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace tutti::emulator {

std::string base64_url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()),
      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()))));
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string from_base64_url(std::string_view text) {
  auto padded = std::string{text};
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  auto padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                reinterpret_cast<const unsigned char*>(padded.data()),
                                static_cast<int>(padded.size()));
  if (length < 0 || padding > 2)
    return {};
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::string url_safe_base64(std::string id) {
  std::replace(id.begin(), id.end(), '+', '-');
  std::replace(id.begin(), id.end(), '/', '_');
  while (id.ends_with('='))
    id.pop_back();
  return id;
}

std::string standard_base64(std::string id) {
  std::replace(id.begin(), id.end(), '-', '+');
  std::replace(id.begin(), id.end(), '_', '/');
  while (id.size() % 4 != 0)
    id += '=';
  return id;
}

namespace {

/// Bytes of the character that begins here; 0 for none.
std::size_t utf8_length(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80)
    return 1;
  for (std::size_t length = 2; length <= std::min<std::size_t>(4, text.size()); ++length)
    if (simdjson::validate_utf8(text.data(), length))
      return length;
  return 0;
}

} // namespace

std::string valid_text(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    made += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return made;
}

std::string json_string(std::string_view text) {
  std::string made = "\"";
  while (!text.empty()) {
    auto c = static_cast<unsigned char>(text.front());
    auto length = utf8_length(text);
    if (length == 0) { // Clients send what they like.
      made += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      made += '\\';
      made += static_cast<char>(c);
    } else if (c < ' ') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      made += escape;
    } else {
      made += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return made + '"';
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) {
    return (c & 0xC0U) != 0x80U; // Not within a character.
  }));
}

std::optional<bool> read_truth(std::string_view text) {
  std::string lower;
  for (unsigned char c : text)
    lower += static_cast<char>(std::tolower(c));
  if (lower != "true" && lower != "false")
    return std::nullopt;
  return lower == "true";
}

std::vector<std::string> split(std::string_view list, char at) {
  std::vector<std::string> items;
  while (!list.empty()) {
    auto end = std::min(list.find(at), list.size());
    if (end > 0)
      items.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

std::map<std::string, std::string> read_query(std::string_view query) {
  std::map<std::string, std::string> read;
  for (const auto& item : split(query, '&')) {
    auto equals = std::min(item.find('='), item.size());
    auto name = item.substr(0, equals);
    auto value = equals < item.size() ? item.substr(equals + 1) : std::string{};
    read[name] = pct_decoded(value);
  }
  return read;
}

std::string pct_decoded(const std::string& text) {
  auto decoded = boost::urls::make_pct_string_view(text);
  if (!decoded)
    return text;
  std::string plain;
  for (char c : **decoded)
    plain += c;
  return plain;
}

} // namespace tutti::emulator
