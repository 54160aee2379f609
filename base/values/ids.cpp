// Ids of users, streams and calls: what may be one.
#include <tutti/identity.hpp>
#include <tutti/ids.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>

namespace tutti {

namespace {

/// By character: its counterpart in URL-safe Base64; 0 for what is none in either dialect.
constexpr auto url_safe = [] {
  std::array<char, 256> table{};
  for (auto c :
       std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"})
    table[static_cast<unsigned char>(c)] = c;
  table['+'] = '-';
  table['/'] = '_';
  return table;
}();

} // namespace

result<user_id> user_id::make(std::int64_t value) {
  if (value <= 0)
    return failure{errc::invalid_participants,
                   std::to_string(value) + " is not a user id: give a positive number",
                   0,
                   {}};
  return user_id{value};
}

result<user_id> user_id::parse(std::string_view digits) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return failure{errc::invalid_participants,
                   "'" + std::string{digits} + "' is not a user id: give a positive number",
                   0,
                   {}};
  return make(value);
}

result<stream_id> stream_id::make(std::string_view text) {
  while (!text.empty() && text.back() == '=')
    text.remove_suffix(1);
  if (text.empty())
    return failure{errc::protocol_error, "the stream id is empty", 0, {}};
  stream_id made;
  std::shared_ptr<std::string> longer;
  if (text.size() > stream_id::room)
    longer = std::make_shared<std::string>(text.size(), '\0');
  else
    made.size_ = static_cast<std::uint8_t>(text.size());
  bool foreign = false;
  std::transform(text.begin(), text.end(), longer ? longer->data() : made.here_.data(),
                 [&](char c) {
                   auto safe = url_safe[static_cast<unsigned char>(c)];
                   foreign = foreign || safe == 0;
                   return safe;
                 });
  if (foreign)
    return failure{errc::protocol_error,
                   "'" + std::string{text.substr(0, 80)} + "' is not a stream id (Base64)",
                   0,
                   {}};
  made.longer_ = std::move(longer);
  return made;
}

std::string to_string(const stream_id& id) {
  return std::string{id.text()};
}

call_ticket call_ticket::next() noexcept {
  static std::atomic<std::uint64_t> last{0};
  call_ticket made;
  made.value_ = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return made;
}

std::string to_string(const identity& who) {
  if (who.is_app())
    return "app";
  return who.is_bot() ? "bot" : std::to_string(who.user().value());
}

} // namespace tutti
