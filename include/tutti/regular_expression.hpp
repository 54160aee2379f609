// Regular expressions that no text makes slow: RE2's, whose time grows with the length of the text
// only. So there are no back references and no look-around.
#pragma once

#include <tutti/export.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

class TUTTI_API regular_expression {
public:
  /// In RE2's syntax, e.g. `(?i)\b(buy|sell)\s+(\d+)`; UTF-8.
  explicit regular_expression(std::string_view pattern);
  regular_expression(const char* pattern) : regular_expression(std::string_view{pattern}) {}
  regular_expression(const std::string& pattern) : regular_expression(std::string_view{pattern}) {}

  /// Why it is none, with the part that is wrong; empty for a good one. A bad one is found nowhere.
  const std::string& flaw() const noexcept { return flaw_; }

  bool found_in(std::string_view text) const;
  /// The first place where it is found: all of it, then its groups; those that have no part in it
  /// are empty. Nothing: it is not found.
  std::optional<std::vector<std::string>> groups_in(std::string_view text) const;

private:
  struct compiled;
  std::shared_ptr<const compiled> compiled_;
  std::string flaw_;
};

} // namespace tutti
