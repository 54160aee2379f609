// Typed settings of a plugin: key, member and help in one line, read and checked like the rest of
// the configuration.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

/// A setting as it was written: a single value, or a list.
class setting {
public:
  setting() = default;
  /// `place`: `file:line:column: `, for messages; empty when it was made in code.
  setting(std::string text, std::string place = {}) // NOLINT: converts, for settings made in code.
      : text_(std::move(text)), place_(std::move(place)) {}
  setting(const char* text) : text_(text) {} // NOLINT: the same.
  setting(std::vector<setting> items, std::string place = {})
      : is_list_(true), items_(std::move(items)), place_(std::move(place)) {}

  bool is_list() const noexcept { return is_list_; }
  const std::string& text() const noexcept { return text_; }
  const std::vector<setting>& items() const noexcept { return items_; }
  const std::string& place() const noexcept { return place_; }

private:
  bool is_list_ = false;
  std::string text_;
  std::vector<setting> items_;
  std::string place_;
};

/// Settings by key; those of nested maps with dots: `token.path`.
using setting_map = std::map<std::string, setting>;

/// The settings a plugin has. Each `add` binds a key to a member, whose value is the default.
class TUTTI_API setting_list {
public:
  /// A text.
  void add(std::string_view key, std::string& member, std::string_view help);
  /// The path of a file: `~/` is the home folder, and a relative one counts from the folder of the
  /// configuration file that has the setting.
  void add_path(std::string_view key, std::string& member, std::string_view help);
  /// `true` or `false`.
  void add(std::string_view key, bool& member, std::string_view help);
  /// A TCP port, 1 to 65535.
  void add(std::string_view key, std::uint16_t& member, std::string_view help);
  void add(std::string_view key, std::size_t& member, std::string_view help);
  /// 0 or more, below 10^9.
  void add(std::string_view key, double& member, std::string_view help);
  /// Milliseconds, or a number with ms, s, m or h.
  void add(std::string_view key, std::chrono::milliseconds& member, std::string_view help);
  /// A list of texts; a single one counts as a list of one.
  void add(std::string_view key, std::vector<std::string>& member, std::string_view help);
  /// A list whose entries are texts or lists of texts.
  void add(std::string_view key, std::vector<std::vector<std::string>>& member,
           std::string_view help);

  /// Sets the members. Fails with `errc::misconfigured` for a key that was not added (naming the
  /// nearest one that was) and for a value that does not fit; `owner` is put before the key,
  /// e.g. `plugin relay`.
  [[nodiscard]] result<void> read(const setting_map& given, const std::string& owner) const;

  /// A setting as it is shown to people.
  struct description {
    std::string key;
    /// The default; empty for none.
    std::string value;
    std::string help;
  };
  std::vector<description> describe() const;

private:
  struct row {
    description shown;
    /// Sets the member; answers what is wrong with the value, empty for nothing.
    std::function<std::string(const setting&)> read;
  };

  template <class T>
  void add_value(std::string_view key, T& member, std::string_view help);

  std::vector<row> rows_;
};

} // namespace tutti
