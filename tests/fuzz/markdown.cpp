// Whatever is given as Markdown, the agent takes what is made of it, and nothing in it is markup.
#include <tests/fuzz/fuzz.hpp>
#include <wire/messageml/messageml.hpp>

#include <tutti/messageml.hpp>

#include <string>

namespace {

using namespace tutti;
using fuzz::must;

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  const auto made = messageml::message(messageml::markdown(std::string{input.rest()}), "|").xml();
  const auto stored = messageml::prepare(made);
  must(std::holds_alternative<messageml::prepared>(stored), "the agent takes it");
  for (const auto* each : {"<form", "<img", "<mention", "href=\"javascript:", "href=\"data:"})
    must(made.find(each) == made.npos, "nothing in it is trusted");
  return 0;
}
