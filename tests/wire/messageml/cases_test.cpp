// tests/samples/messageml/cases.txt: verdicts and what is written, line by line.
#include <tests/support/source_dir.hpp>
#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace {

using namespace tutti::messageml;

const std::string head = R"(<div data-format="PresentationML" data-version="2.0">)";
const std::string form_head = R"(<form id="f">)";
const std::string form_tail = R"(<button type="action" name="b">B</button></form>)";

struct sample {
  int line = 0;
  std::string message;
  std::string expected;
  bool in_form = false;
};

std::vector<sample> samples() {
  std::ifstream file{tutti::testing::source_file("tests/samples/messageml/cases.txt")};
  std::vector<sample> all;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto arrow = line.rfind(" => ");
    if (line.empty() || line.front() == '#' || arrow == line.npos)
      continue;
    sample one{number, line.substr(0, arrow), line.substr(arrow + 4)};
    std::replace(one.message.begin(), one.message.end(), '~', '\n');
    std::replace(one.expected.begin(), one.expected.end(), '~', '\n');
    if (one.message.ends_with(" as root")) {
      one.message.erase(one.message.size() - 8);
    } else if (one.message.starts_with("form ")) {
      one.in_form = true;
      one.message = "<messageML>" + form_head + one.message.substr(5) + form_tail + "</messageML>";
    } else if (one.message.find("<messageML") == one.message.npos && one.message != "<html/>" &&
               !one.message.starts_with("<div data-format")) {
      one.message = "<messageML>" + one.message + "</messageML>";
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string result_of(const sample& one) {
  prepare_options options;
  options.short_id = [] { return std::string{"ID"}; };
  const auto made = prepare(one.message, {}, options);
  if (const auto* wrong = std::get_if<faults>(&made)) {
    // In a message of one element several may be wrong; the one meant is among them.
    for (const auto& each : *wrong)
      if (to_string(each.kind) == one.expected)
        return one.expected;
    return std::string{to_string(wrong->front().kind)} + ": " + to_string(wrong->front());
  }
  if (one.expected == "good")
    return "good";
  auto body = std::get<prepared>(made).presentation.substr(head.size());
  body.erase(body.size() - 6);
  if (one.in_form)
    body = body.substr(form_head.size(), body.size() - form_head.size() - form_tail.size());
  return "\"" + body + "\"";
}

TEST(messageml_cases, are_judged_and_written_as_the_agent_does) {
  const auto all = samples();
  EXPECT_GT(all.size(), 200U);
  for (const auto& each : all)
    EXPECT_EQ(result_of(each), each.expected)
        << "tests/samples/messageml/cases.txt:" << each.line << ": " << each.message;
}

} // namespace
