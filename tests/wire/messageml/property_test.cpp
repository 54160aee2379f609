// What holds for any message: what is written is taken again, and writing it again changes no more
// than ids; a text is what it was.
#include <wire/messageml/messageml.hpp>
#include <wire/messageml/output/write.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using namespace tutti::messageml;

/// Messages that chance makes of the elements of text.
class maker {
public:
  explicit maker(std::uint64_t seed) : random_(seed) {}

  std::string message() { return "<messageML>" + any(4) + "</messageML>"; }

  /// What could be taken for markup. Not `$` and `#`, which begin templates: see `for_message`.
  std::string text() {
    static const char* const pieces[] = {"a",    "<",     ">",    "&",   "\"", "'",
                                         "]]>",  "<b>",   "\t",   "{",   "ü",  "😃",
                                         "</p>", "&amp;", "<!--", "x y", "-->"};
    std::string made;
    for (auto left = below(6); left > 0; --left)
      made += pieces[below(std::size(pieces))];
    return made;
  }

private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string any(int depth) {
    std::string made;
    for (auto left = below(4); left > 0; --left)
      made += one(depth);
    return made;
  }

  std::string one(int depth) {
    if (depth == 0 || below(3) == 0)
      return escaped(text());
    const auto inside = any(depth - 1);
    switch (below(8)) {
    case 0:
      return "<p>" + inside + "</p>";
    case 1:
      return "<div class=\"" + escaped(text()) + " x\">" + inside + "</div>";
    case 2:
      return "<ul><li>" + inside + "</li></ul>";
    case 3:
      return "<table><tr><td>" + inside + "</td></tr></table>";
    case 4:
      return "<b>" + escaped(text()) + "</b>";
    case 5:
      return "<span>" + inside + "</span>";
    case 6:
      return "<card><body>" + inside + "</body></card>";
    default:
      return "<hash tag=\"x\"/>";
    }
  }

  std::mt19937_64 random_;
};

/// As an author's text goes into a message: no template may begin in it.
std::string for_message(const std::string& text) {
  std::string made;
  for (char c : escaped(text))
    if (c == '$' || (c == '#' && !made.ends_with('&')))
      made += c == '$' ? "&#36;" : "&#35;";
    else
      made += c;
  return made;
}

prepared good(const std::string& message, const std::string& data = {}) {
  auto made = prepare(message, data);
  const auto* wrong = std::get_if<faults>(&made);
  EXPECT_FALSE(wrong) << message << "\n" << (wrong ? to_string(wrong->front()) : "");
  return wrong ? prepared{} : std::get<prepared>(std::move(made));
}

TEST(messageml_properties, what_is_written_is_taken_again_and_is_the_same) {
  for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
    const auto first = good(maker{seed}.message());
    const auto second = good(first.presentation, first.entities);
    EXPECT_EQ(second.presentation, first.presentation) << seed;
    EXPECT_EQ(second.entities, first.entities) << seed;
    EXPECT_EQ(second.text, first.text) << seed;
  }
}

TEST(messageml_properties, an_escaped_text_is_the_text_and_nothing_else) {
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    const auto text = maker{seed}.text() + "${x}#{y}<#z>" + maker{seed + 1}.text();
    const auto made = good("<messageML><p>" + for_message(text) + "x</p></messageML>");
    EXPECT_EQ(made.text, text + "x");
    EXPECT_EQ(made.presentation, "<div data-format=\"PresentationML\" data-version=\"2.0\"><p>" +
                                     escaped(text) + "x</p></div>");
  }
}

} // namespace
