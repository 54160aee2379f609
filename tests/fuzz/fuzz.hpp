// What the fuzz targets share: a promise that ends the run, and bytes to choose with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace tutti::fuzz {

/// Ends the program when `holds` is false; libFuzzer then keeps the input and shows the way here.
inline void must(bool holds, const char* promise) {
  if (holds)
    return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

/// The input, eaten from the front.
class input {
public:
  input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  /// The next byte; 0 at the end.
  std::uint8_t byte() {
    auto first = rest_.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(rest_.empty() ? 0 : 1);
    return first;
  }

  /// Up to the next `end`, which is taken too.
  std::string_view until(char end) {
    auto at = rest_.find(end);
    auto part = rest_.substr(0, at);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + 1);
    return part;
  }

  std::string_view rest() const { return rest_; }

private:
  std::string_view rest_;
};

} // namespace tutti::fuzz
