// The settings of plugins, by the readers of the configuration itself.
#include <tutti/settings.hpp>

#include <tutti/joined_failure.hpp>

#include <base/values/nearest.hpp>
#include <config/paths.hpp>
#include <config/secrets.hpp>
#include <config/values.hpp>

#include <algorithm>

namespace tutti {

namespace {

constexpr const char* single_value = "a single value is expected";

std::string read_texts(const setting& given, std::vector<std::string>& into) {
  into.clear();
  if (!given.is_list()) {
    into.push_back(given.text());
    return {};
  }
  for (const auto& each : given.items()) {
    if (each.is_list())
      return "a list of single values is expected";
    into.push_back(each.text());
  }
  return {};
}

std::string spelled(const std::vector<std::string>& texts) {
  std::string made = "[";
  for (const auto& each : texts)
    made.append(made.size() > 1 ? ", " : "").append(each);
  return made + "]";
}

} // namespace

template <class T>
void setting_list::add_value(std::string_view key, T& member, std::string_view help) {
  rows_.push_back({{std::string{key}, config_file::spell(member), std::string{help}},
                   [&member](const setting& given) -> std::string {
                     if (given.is_list())
                       return single_value;
                     std::string wrong;
                     config_file::read(given.text(), member, wrong);
                     return wrong;
                   }});
}

void setting_list::add(std::string_view key, std::string& member, std::string_view help) {
  add_value(key, member, help);
}
void setting_list::add_path(std::string_view key, std::string& member, std::string_view help) {
  rows_.push_back({{std::string{key}, member, std::string{help}},
                   [&member](const setting& given) -> std::string {
                     if (given.is_list())
                       return single_value;
                     if (config_file::looks_like_a_secret(given.text()))
                       return config_file::secret_instead_of_a_path;
                     member =
                         config_file::path_from(config_file::file_of(given.place()), given.text());
                     return {};
                   }});
}
void setting_list::add(std::string_view key, bool& member, std::string_view help) {
  add_value(key, member, help);
}
void setting_list::add(std::string_view key, std::uint16_t& member, std::string_view help) {
  add_value(key, member, help);
}
void setting_list::add(std::string_view key, std::size_t& member, std::string_view help) {
  add_value(key, member, help);
}
void setting_list::add(std::string_view key, double& member, std::string_view help) {
  add_value(key, member, help);
}
void setting_list::add(std::string_view key, std::chrono::milliseconds& member,
                       std::string_view help) {
  add_value(key, member, help);
}

void setting_list::add(std::string_view key, std::vector<std::string>& member,
                       std::string_view help) {
  rows_.push_back({{std::string{key}, spelled(member), std::string{help}},
                   [&member](const setting& given) { return read_texts(given, member); }});
}

void setting_list::add(std::string_view key, std::vector<std::vector<std::string>>& member,
                       std::string_view help) {
  std::vector<std::string> rows;
  rows.reserve(member.size());
  for (const auto& each : member)
    rows.push_back(spelled(each));
  rows_.push_back({{std::string{key}, spelled(rows), std::string{help}},
                   [&member](const setting& given) -> std::string {
                     if (!given.is_list())
                       return "a list is expected, e.g. [ada, ben]";
                     member.clear();
                     for (const auto& each : given.items())
                       if (auto wrong = read_texts(each, member.emplace_back()); !wrong.empty())
                         return wrong;
                     return {};
                   }});
}

result<void> setting_list::read(const setting_map& given, const std::string& owner) const {
  auto wrong = [&](const std::string& key, const setting& where, const std::string& what) {
    return failure{errc::misconfigured, where.place() + owner + ": " + key + ": " + what, 0, {}};
  };
  std::vector<failure> all;
  for (const auto& [key, value] : given) {
    auto found = std::find_if(rows_.begin(), rows_.end(),
                              [&, word = key](const row& each) { return each.shown.key == word; });
    if (found == rows_.end()) {
      std::vector<std::string> known;
      std::string list;
      for (const auto& each : rows_) {
        known.push_back(each.shown.key);
        list.append(list.empty() ? "" : ", ").append(each.shown.key);
      }
      auto meant = nearest(key, known);
      all.push_back(wrong(key, value,
                          "unknown setting; " + (meant          ? "did you mean '" + *meant + "'?"
                                                 : list.empty() ? "this plugin has none"
                                                                : "known are: " + list)));
    } else if (auto what = found->read(value); !what.empty()) {
      all.push_back(wrong(key, value, what));
    }
  }
  if (!all.empty())
    return joined(all);
  return {};
}

std::vector<setting_list::description> setting_list::describe() const {
  std::vector<description> all;
  all.reserve(rows_.size());
  for (const auto& each : rows_)
    all.push_back(each.shown);
  return all;
}

} // namespace tutti
