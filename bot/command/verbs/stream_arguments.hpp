// Lets stream ids that begin with '-' through a command line.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti::command {

/// One stream id in 64 begins with '-', and would be taken for an option. '+' is the same character
/// in Base64's other alphabet.
class stream_arguments {
public:
  stream_arguments(const CLI::App& root, int argc, char** argv) : texts_(argv, argv + argc) {
    const auto* verb = &root;
    for (std::size_t at = 1; at < texts_.size() && texts_[at] != "--"; ++at) {
      auto& text = texts_[at];
      if (is_value(*verb, texts_[at - 1]))
        continue;
      if (const auto* next = text.starts_with('-') ? nullptr : subcommand(*verb, text)) {
        verb = next;
        continue;
      }
      if (!text.starts_with('-') || (is_stream_id(text) && !verb->get_option_no_throw(text))) {
        // The first one that is no option is the STREAM, of a verb that has one.
        if (text.starts_with('-') && verb->get_option_no_throw("STREAM"))
          text.front() = '+';
        break;
      }
    }
    for (auto& each : texts_)
      pointers_.push_back(each.data());
  }

  char** argv() { return pointers_.data(); }

private:
  /// No option of a command is as long.
  static bool is_stream_id(std::string_view text) {
    constexpr std::size_t shortest = 24;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const auto end = text.find_first_not_of(alphabet); // Padding may stand there.
    return text.size() >= shortest &&
           (end == text.npos || text.substr(end) == "=" || text.substr(end) == "==");
  }

  static const CLI::App* subcommand(const CLI::App& of, const std::string& name) {
    for (const auto* each : of.get_subcommands({}))
      if (each->get_name() == name)
        return each;
    return nullptr;
  }

  static bool is_value(const CLI::App& verb, const std::string& before) {
    const auto* option = before.starts_with('-') ? verb.get_option_no_throw(before) : nullptr;
    return option && option->get_items_expected_max() > 0;
  }

  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

} // namespace tutti::command
