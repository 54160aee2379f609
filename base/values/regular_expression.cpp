#include <tutti/regular_expression.hpp>

#include <re2/re2.h>

namespace tutti {

namespace {

re2::RE2::Options quiet() {
  re2::RE2::Options made;
  made.set_log_errors(false);
  return made;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

} // namespace

struct regular_expression::compiled {
  explicit compiled(std::string_view pattern) : expression(piece(pattern), quiet()) {}

  re2::RE2 expression;
};

regular_expression::regular_expression(std::string_view pattern)
    : compiled_(std::make_shared<compiled>(pattern)) {
  if (!compiled_->expression.ok())
    flaw_ =
        "'" + std::string{pattern} + "' is no regular expression: " + compiled_->expression.error();
}

bool regular_expression::found_in(std::string_view text) const {
  return flaw_.empty() && re2::RE2::PartialMatch(piece(text), compiled_->expression);
}

std::optional<std::vector<std::string>> regular_expression::groups_in(std::string_view text) const {
  if (!flaw_.empty())
    return std::nullopt;
  const auto count = 1 + compiled_->expression.NumberOfCapturingGroups();
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(count));
  if (!compiled_->expression.Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                                   count))
    return std::nullopt;
  std::vector<std::string> all;
  all.reserve(found.size());
  for (const auto& each : found)
    all.emplace_back(each.data() ? each.data() : "", each.size());
  return all;
}

} // namespace tutti
