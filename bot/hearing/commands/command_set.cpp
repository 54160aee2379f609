#include <bot/hearing/commands/command_set.hpp>

#include <base/values/nearest.hpp>

#include <algorithm>
#include <utility>

namespace tutti::commands {

namespace {

/// What of the pattern does not fit the handler; empty for nothing.
std::string misfit(const pattern& reads, const std::vector<wanted_argument>& takes) {
  const auto count = reads.parameters.size();
  if (count != takes.size())
    return "the pattern has " + std::to_string(count) + " parameters, and the handler takes " +
           std::to_string(takes.size()) + " after chat&";
  for (std::size_t i = 0; i < count; ++i) {
    const auto& one = reads.parameters[i];
    if (!fits(one.type, takes[i].form))
      return "{" + one.name + "} is of type " + std::string{to_string(one.type)} +
             ", and the handler takes " + std::string{to_string(takes[i].form)} + " there";
    if (one.optional && !one.preset && !takes[i].optional)
      return "{" + one.name + "?} may be left out: the handler takes a std::optional there";
    if (!one.preset)
      continue;
    word preset;
    preset.text = *one.preset;
    if (std::holds_alternative<complaint>(value_of(one, takes[i], preset)))
      return "{" + one.name + "}: '" + *one.preset + "' is no value of type " +
             std::string{to_string(one.type)};
  }
  return {};
}

/// Of a handler that takes what the pattern has.
void take_as_written(const pattern& reads, command_declaration& what) {
  what.names->clear();
  what.takes.clear();
  for (const auto& each : reads.parameters) {
    what.names->push_back(each.name);
    what.takes.push_back({form_of(each.type), each.optional && !each.preset});
  }
}

bool says(const word& given, const std::string& wanted) {
  return given.kind == messageml::piece_kind::text && !given.quoted &&
         folded(given.text) == folded(wanted);
}

} // namespace

std::string command_set::add(command_declaration what,
                             std::shared_ptr<const std::atomic<bool>> alive) {
  const auto where = (what.by_code ? "dialogue '" : "command '") + what.pattern + "': ";
  auto reads =
      what.by_code ? result<pattern>{pattern{{what.pattern}, {}}} : read_pattern(what.pattern);
  if (!reads)
    return where + reads.error().detail;
  if (what.by_code && (what.pattern.empty() || !what.talk))
    return where + "it has a name, and its handler takes dialogue&";
  if (what.names)
    take_as_written(*reads, what);
  if (auto why = what.by_code ? "" : misfit(*reads, what.takes); !why.empty())
    return where + why;
  if (const auto* same = named(reads->name()))
    return where + "there is one with these words already: '" + same->declared.pattern + "'";
  all_.push_back(
      std::make_unique<command>(command{std::move(*reads), std::move(what), std::move(alive)}));
  index();
  return {};
}

void command_set::keep_first(std::size_t count) {
  if (count < all_.size())
    all_.resize(count);
  index();
}

void command_set::index() {
  by_word_.clear();
  for (const auto& each : all_)
    if (!each->declared.by_code)
      by_word_[folded(each->reads.words.front())].push_back(each.get());
  for (auto& [word, some] : by_word_)
    std::stable_sort(some.begin(), some.end(), [](const command* one, const command* other) {
      return one->reads.words.size() > other->reads.words.size();
    });
}

/// The one of which most words are there.
const command_set::command* command_set::best(const words& message, std::size_t first) const {
  const auto found = by_word_.find(folded(message.all[first].text));
  if (found == by_word_.end())
    return nullptr;
  for (const auto* each : found->second) {
    const auto& wanted = each->reads.words;
    if (wanted.size() <= message.all.size() - first &&
        std::equal(wanted.begin(), wanted.end(),
                   message.all.begin() + static_cast<std::ptrdiff_t>(first),
                   [](const auto& word, const auto& given) { return says(given, word); }))
      return each;
  }
  return nullptr;
}

command_set::found command_set::find(const words& message, std::size_t first) const {
  if (first >= message.all.size() || message.all[first].quoted ||
      message.all[first].kind != messageml::piece_kind::text)
    return other{};
  if (const auto* which = best(message, first)) {
    auto read =
        values_of(which->reads, which->declared.takes, message, first + which->reads.words.size());
    if (auto* wrong = std::get_if<complaint>(&read))
      return misuse{which, std::move(*wrong)};
    return call{which, std::get<std::vector<argument_value>>(std::move(read))};
  }
  const auto& given = message.all[first].text;
  if (!given.starts_with('/') || given.size() == 1 || empty())
    return other{};
  constexpr std::size_t longest = 64; // Of a word that could be one of ours.
  unknown none{shortened(given), {}};
  if (given.size() > longest)
    return none;
  std::vector<std::string> known;
  known.reserve(all_.size());
  for (const auto& each : all_) {
    if (each->declared.by_code)
      continue;
    const auto& word = each->reads.words.front();
    if (none.nearest.empty() && folded(word) == folded(given))
      none.nearest = each->reads.name(); // Its first word alone was given.
    known.push_back(word);
  }
  if (none.nearest.empty())
    none.nearest = nearest(given, known).value_or("");
  return none;
}

const command_set::command* command_set::named(std::string_view words) const {
  const auto wanted = folded(words);
  for (const auto& each : all_)
    if (each->reads.name() == wanted)
      return each.get();
  return nullptr;
}

} // namespace tutti::commands
