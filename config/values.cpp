// Text to values and back.
#include <config/values.hpp>

#include <charconv>
#include <map>
#include <span>

namespace tutti::config_file {

namespace {

template <class Enum>
struct word {
  const char* text;
  Enum value;
};

constexpr word<multi_party> multi_party_words[] = {{"refuse", multi_party::refuse},
                                                   {"allow", multi_party::allow}};
constexpr word<connect_policy> connect_words[] = {
    {"never", connect_policy::never}, {"ask", connect_policy::ask}, {"wait", connect_policy::wait}};
constexpr word<outbox_marker> marker_words[] = {{"data", outbox_marker::data},
                                                {"none", outbox_marker::none}};
constexpr word<command_mention> mention_words[] = {{"rooms", command_mention::rooms},
                                                   {"never", command_mention::never}};
constexpr word<event_source> source_words[] = {{"v2", event_source::v2},
                                               {"datahose", event_source::datahose}};
constexpr word<start_policy> start_words[] = {{"wait", start_policy::wait},
                                              {"fail", start_policy::fail}};
constexpr word<bool> truth_words[] = {{"true", true}, {"false", false}};
constexpr word<log_level> level_words[] = {{"trace", log_level::trace}, {"debug", log_level::debug},
                                           {"info", log_level::info},   {"warn", log_level::warn},
                                           {"error", log_level::error}, {"off", log_level::off}};
constexpr word<log_format> format_words[] = {{"text", log_format::text},
                                             {"json", log_format::json}};

template <class Enum, std::size_t N>
void read_word(const std::string& text, Enum& into, std::string& wrong,
               const word<Enum> (&words)[N]) {
  std::string known;
  for (const auto& each : words) {
    if (text == each.text) {
      into = each.value;
      return;
    }
    known += known.empty() ? "" : ", ";
    known += each.text;
  }
  wrong = "'" + text + "' is none of: " + known;
}

template <class Enum, std::size_t N>
std::string spell_word(Enum value, const word<Enum> (&words)[N]) {
  for (const auto& each : words)
    if (each.value == value)
      return each.text;
  return {};
}

template <class Enum, std::size_t N>
schema_type words_type(const word<Enum> (&words)[N]) {
  schema_type made{"string", {}};
  for (const auto& each : words)
    made.words.emplace_back(each.text);
  return made;
}

template <class Number>
bool read_number(const std::string& text, Number& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

constexpr const char* no_number = "' is not a whole number in range";

} // namespace

void read(const std::string& text, std::string& into, std::string&) {
  into = text;
}

void read(const std::string& text, bool& into, std::string& wrong) {
  read_word(text, into, wrong, truth_words);
}

void read(const std::string& text, std::uint16_t& into, std::string& wrong) {
  if (!read_number(text, into) || into == 0)
    wrong = "'" + text + "' is not a TCP port; write a number from 1 to 65535";
}

void read(const std::string& text, std::int32_t& into, std::string& wrong) {
  if (!read_number(text, into))
    wrong = "'" + text + no_number;
}

void read(const std::string& text, std::size_t& into, std::string& wrong) {
  if (!read_number(text, into))
    wrong = "'" + text + no_number;
}

void read(const std::string& text, double& into, std::string& wrong) {
  if (!read_number(text, into) || !(into >= 0 && into < 1e9))
    wrong = "'" + text + "' is not a number in range";
}

void read(const std::string& text, std::chrono::milliseconds& into, std::string& wrong) {
  static const std::map<std::string, std::int64_t> units{
      {"", 1}, {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  std::int64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  auto unit = units.find(std::string{end, text.data() + text.size()});
  constexpr auto longest = std::chrono::milliseconds{std::chrono::years{100}}.count();
  if (error != std::errc{} || unit == units.end() || amount < 0 || amount > longest / unit->second)
    wrong = "'" + text + "' is not a duration; write milliseconds, or a number with ms, s, m or h";
  else
    into = std::chrono::milliseconds{amount * unit->second};
}

void read(const std::string& text, multi_party& into, std::string& wrong) {
  read_word(text, into, wrong, multi_party_words);
}

void read(const std::string& text, connect_policy& into, std::string& wrong) {
  read_word(text, into, wrong, connect_words);
}

void read(const std::string& text, outbox_marker& into, std::string& wrong) {
  read_word(text, into, wrong, marker_words);
}

void read(const std::string& text, command_mention& into, std::string& wrong) {
  read_word(text, into, wrong, mention_words);
}

void read(const std::string& text, event_source& into, std::string& wrong) {
  if (text == "V2") // As the Java kit takes it, too.
    into = event_source::v2;
  else
    read_word(text, into, wrong, source_words);
  if (text == "v1" || text == "V1")
    wrong += "; Symphony has ended v1";
}

void read(const std::string& text, start_policy& into, std::string& wrong) {
  read_word(text, into, wrong, start_words);
}

void read(const std::string& text, log_level& into, std::string& wrong) {
  read_word(text, into, wrong, level_words);
}

void read(const std::string& text, log_format& into, std::string& wrong) {
  read_word(text, into, wrong, format_words);
}

std::string spell(const std::string& value) {
  return value;
}

std::string spell(bool value) {
  return spell_word(value, truth_words);
}

std::string spell(double value) {
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

std::string spell(std::chrono::milliseconds value) {
  for (auto [unit, size] : {std::pair{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}})
    if (value.count() != 0 && value.count() % size == 0)
      return std::to_string(value.count() / size).append(unit);
  return std::to_string(value.count());
}

std::string spell(multi_party value) {
  return spell_word(value, multi_party_words);
}

std::string spell(connect_policy value) {
  return spell_word(value, connect_words);
}

std::string spell(outbox_marker value) {
  return spell_word(value, marker_words);
}

std::string spell(command_mention value) {
  return spell_word(value, mention_words);
}

std::string spell(event_source value) {
  return spell_word(value, source_words);
}

std::string spell(start_policy value) {
  return spell_word(value, start_words);
}

std::string spell(log_level value) {
  return spell_word(value, level_words);
}

std::string spell(log_format value) {
  return spell_word(value, format_words);
}

schema_type type_of(multi_party) {
  return words_type(multi_party_words);
}

schema_type type_of(connect_policy) {
  return words_type(connect_words);
}

schema_type type_of(outbox_marker) {
  return words_type(marker_words);
}

schema_type type_of(command_mention) {
  return words_type(mention_words);
}

schema_type type_of(event_source) {
  return words_type(source_words);
}

schema_type type_of(start_policy) {
  return words_type(start_words);
}

schema_type type_of(log_level) {
  return words_type(level_words);
}

schema_type type_of(log_format) {
  return words_type(format_words);
}

} // namespace tutti::config_file
