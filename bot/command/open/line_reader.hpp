// Cuts what is read into lines of bounded length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tutti::command {

/// Linear in what it is given, and never keeps more than `most` bytes.
class line_reader {
public:
  explicit line_reader(std::size_t most) : most_(most) {}

  /// Calls `take(line, whole)` for each line that ends in `bytes`; `whole` is false, once, for the
  /// beginning of one that is longer than `most`, and the rest of that is passed over.
  template <class Take>
  void add(std::string_view bytes, Take&& take) {
    while (!bytes.empty()) {
      auto end = bytes.find('\n');
      auto part = bytes.substr(0, end);
      if (!passing_over_ && kept_.size() + part.size() > most_) {
        passing_over_ = true;
        take(std::string_view{kept_.append(part.substr(0, most_ - kept_.size()))}, false);
        kept_ = {};
      }
      if (!passing_over_)
        kept_.append(part);
      if (end == bytes.npos)
        return;
      if (!std::exchange(passing_over_, false))
        take(std::string_view{kept_}, true);
      kept_.clear();
      bytes.remove_prefix(end + 1);
    }
  }

  /// At the end of the input: a last line without a break.
  template <class Take>
  void end(Take&& take) {
    if (!passing_over_ && !kept_.empty())
      take(std::string_view{kept_}, true);
    kept_.clear();
  }

private:
  std::size_t most_;
  std::string kept_;
  bool passing_over_ = false;
};

} // namespace tutti::command
