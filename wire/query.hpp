// Lists as they stand in a query.
#pragma once

#include <tutti/ids.hpp>

#include <span>
#include <string>
#include <string_view>

namespace tutti::wire {

/// `1,2,3`
inline std::string comma_list(std::span<const user_id> users) {
  std::string list;
  for (auto user : users) {
    if (!list.empty())
      list += ',';
    list += std::to_string(user.value());
  }
  return list;
}

/// The text, percent-encoded but for what RFC 3986 calls unreserved.
inline std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (unsigned char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
        c == '.' || c == '_' || c == '~')
      encoded += static_cast<char>(c);
    else
      encoded.append({'%', digits[c >> 4U], digits[c & 15U]});
  }
  return encoded;
}

/// `a,b`, each percent-encoded.
template <class Names>
std::string name_list(const Names& names) {
  std::string list;
  for (const auto& name : names)
    list.append(list.empty() ? "" : ",").append(percent_encoded(name));
  return list;
}

} // namespace tutti::wire
