// What reading a configuration finds: complaints, and what is no error but worth a word.
#pragma once

#include <config/secrets.hpp>
#include <config/tree.hpp>
#include <config/values.hpp>

#include <tutti/result.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::config_file {

/// One configuration while it is read. A value that is wrong is noted, and reading goes on: people
/// get to see all of them at once.
class reading {
public:
  /// `file`: its name in messages.
  explicit reading(std::string file) : file_(std::move(file)) {}

  /// Runs `part`; what it throws as `complaint` is noted.
  template <class Part>
  void attempt(Part&& part) {
    try {
      part();
    } catch (const complaint& why) {
      complaints.push_back(why);
    }
  }

  /// The text of a single value with its `${...}` replaced. Throws `complaint`.
  std::string value_of(const std::string& key, const YAML::Node& node);

  /// Reads the value of `key` into a member, when it was given.
  template <class T>
  void take(const tree& rows, const std::string& key, T& into) {
    const auto* found = rows.find(key);
    if (!found)
      return;
    attempt([&] {
      std::string wrong;
      const auto value = value_of(key, found->value);
      read(value, into, wrong);
      if ((key.ends_with("ath") || key.ends_with(".crl")) && looks_like_a_secret(value))
        wrong = secret_instead_of_a_path;
      if (!wrong.empty())
        throw complaint{found->value.Mark(), key + ": " + wrong};
    });
  }

  /// Reads a list of single values, when it was given.
  void take(const tree& rows, const std::string& key, std::vector<std::string>& into);

  /// Calls `visit(word, value, wrong)` for each row of a map of single values.
  void each_of_map(const tree& rows, const std::string& key, const char* example,
                   const std::function<void(const std::string& word, const std::string& value,
                                            std::string& wrong)>& visit);

  /// `file:line:column: `
  std::string place_of(const YAML::Mark& mark) const;
  /// All complaints as one failure, in the order of the file, ten at most. Notes are among them:
  /// one may be the reason of a complaint.
  failure all_complaints();
  /// For people, each with its place.
  std::vector<std::string> all_notes() const;

  std::vector<complaint> complaints;
  std::vector<complaint> notes;

private:
  std::string file_;
};

} // namespace tutti::config_file
