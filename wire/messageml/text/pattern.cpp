// Regular expressions, as far as it can be seen without Java whether it compiles them. Clients run
// them, not the agent.
#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <set>

namespace tutti::messageml {

namespace {

class pattern_reader {
public:
  explicit pattern_reader(std::string_view text) : rest_(text) {}

  bool good() { return alternatives(0) && rest_.empty(); }

private:
  static constexpr int most_groups = 200;

  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (rest_.empty() || peek() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool alternatives(int depth) {
    if (depth > most_groups)
      return false;
    while (!rest_.empty() && peek() != ')') {
      if (take('|'))
        continue;
      if (peek() == '*' || peek() == '+' || peek() == '?' || !atom(depth) || !quantifiers())
        return false;
    }
    return true;
  }

  bool atom(int depth) {
    if (take('('))
      return group_head() && alternatives(depth + 1) && take(')');
    if (take('['))
      return set(depth);
    if (take('\\'))
      return escape(false);
    // Behind a quantifier another one may follow; elsewhere a brace needs a backslash.
    if (peek() == '{')
      return rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
    rest_.remove_prefix(1);
    return true;
  }

  bool group_head() {
    if (!take('?'))
      return true;
    if (take('<')) {
      if (take('=') || take('!'))
        return bounded();
      const auto end = rest_.find('>');
      const auto name = rest_.substr(0, end);
      const auto good = end != rest_.npos && end > 0 && letter(name.front()) &&
                        std::all_of(name.begin(), name.end(),
                                    [](char c) { return letter(c) || (c >= '0' && c <= '9'); });
      if (!good || !names_.insert(name).second)
        return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    if (take(':') || take('=') || take('!') || take('>'))
      return true;
    while (std::string_view{"idmsuxU-"}.find(peek()) != std::string_view::npos && !rest_.empty())
      rest_.remove_prefix(1);
    return take(':') || peek() == ')';
  }

  bool set(int depth) {
    if (depth > most_groups)
      return false;
    take('^');
    auto first = true;
    while (true) {
      if (rest_.empty())
        return false;
      if (!first && take(']'))
        return true;
      if (take('[')) {
        if (!set(depth + 1))
          return false;
      } else if (take('\\')) {
        if (!escape(true))
          return false;
      } else {
        const auto low = peek();
        rest_.remove_prefix(1);
        if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']' && rest_[1] != '[' &&
            rest_[1] != '\\' && static_cast<unsigned char>(low) < 0x80 &&
            static_cast<unsigned char>(rest_[1]) < 0x80 && rest_[1] < low)
          return false;
      }
      first = false;
    }
  }

  bool escape(bool in_set) {
    if (rest_.empty())
      return false;
    const auto c = peek();
    rest_.remove_prefix(1);
    if (c == 'Q') {
      const auto end = rest_.find("\\E");
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 2);
      return true;
    }
    if (c == 'p' || c == 'P') {
      if (!take('{'))
        return !rest_.empty() && (rest_.remove_prefix(1), true);
      const auto end = rest_.find('}');
      if (end == rest_.npos || !is_property(rest_.substr(0, end)))
        return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    if (c == '0')
      return peek() >= '0' && peek() <= '7' && !rest_.empty();
    if (in_set && std::string_view{"123456789bBAGZzRXk"}.find(c) != std::string_view::npos)
      return false;
    if (c == 'x' || c == 'u') {
      if (c == 'x' && take('{')) {
        const auto end = rest_.find('}');
        const auto digits = rest_.substr(0, end);
        if (end == rest_.npos || end == 0 || end > 6 ||
            digits.find_first_not_of(hexadecimal) != digits.npos ||
            (end == 6 && !digits.starts_with("10") && digits.front() != '0'))
          return false;
        rest_.remove_prefix(end + 1);
        return true;
      }
      const std::size_t digits = c == 'x' ? 2 : 4;
      if (rest_.size() < digits ||
          rest_.substr(0, digits).find_first_not_of(hexadecimal) != rest_.npos)
        return false;
      rest_.remove_prefix(digits);
      return true;
    }
    if (c == 'k' || c == 'c' || c == 'N')
      return !rest_.empty();
    // Of the letters, only those with a meaning may be escaped.
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ||
           std::string_view{"tnrfaedDsSwWbBAGzZRXhHvV"}.find(c) != std::string_view::npos;
  }

  /// In a look behind no group is repeated without an end (Java 17; a character may be).
  bool bounded() const {
    int depth = 1;
    int sets = 0;
    for (std::size_t at = 0; at < rest_.size() && depth > 0; ++at) {
      const auto c = rest_[at];
      if (rest_.substr(at).starts_with("\\Q"))
        at = std::min(rest_.find("\\E", at), rest_.size());
      else if (c == '\\')
        ++at;
      else if (c == '[' || (c == ']' && sets > 0))
        sets += c == '[' ? 1 : -1;
      else if (sets == 0 && c == ')' && --depth > 0 && repeats_for_ever(rest_.substr(at + 1)))
        return false;
      else
        depth += sets == 0 && c == '(' ? 1 : 0;
    }
    return true;
  }

  /// `*`, `+` or `{n,}`.
  static bool repeats_for_ever(std::string_view text) {
    if (text.starts_with('*') || text.starts_with('+'))
      return true;
    return text.starts_with('{') && text.substr(0, text.find('}')).ends_with(',');
  }

  static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  /// The names of sets that Java has, and the heads of those that it derives.
  static bool is_property(std::string_view name) {
    constexpr std::string_view sets = "L Lu Ll Lt Lm Lo LC M Mn Me Mc N Nd Nl No Z Zs Zl Zp C Cc "
                                      "Cf Co Cs Cn P Pd Ps Pe Pc Po Pi Pf S "
                                      "Sm Sc Sk So LD L1 all ASCII Alnum Alpha Blank Cntrl Digit "
                                      "Graph Lower Print Punct Space Upper "
                                      "XDigit";
    if (in_list_exactly(name, sets))
      return true;
    for (const auto* head :
         {"Is", "In", "java", "script=", "sc=", "block=", "blk=", "general_category=", "gc="})
      if (name.starts_with(head) && name.size() > std::string_view{head}.size())
        return true;
    return false;
  }

  bool quantifiers() {
    if (take('{')) {
      const auto end = rest_.find('}');
      if (end == rest_.npos)
        return false;
      const auto range = rest_.substr(0, end);
      const auto comma = range.find(',');
      const auto low = read_int(range.substr(0, comma));
      if (!low || *low < 0)
        return false;
      if (comma != range.npos && comma + 1 < range.size()) {
        const auto high = read_int(range.substr(comma + 1));
        if (!high || *high < *low)
          return false;
      }
      rest_.remove_prefix(end + 1);
    } else if (!take('*') && !take('+') && !take('?')) {
      return true;
    }
    if (!take('?'))
      take('+');
    return true;
  }

  static constexpr std::string_view hexadecimal = "0123456789abcdefABCDEF";

  std::string_view rest_;
  std::set<std::string_view> names_;
};

} // namespace

bool is_pattern(std::string_view text) {
  return pattern_reader{text}.good();
}

} // namespace tutti::messageml
