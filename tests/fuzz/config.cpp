// A configuration file: it is read, or its first fault is shown with its place.
#include <tests/fuzz/fuzz.hpp>

#include <tutti/config_file.hpp>

#include <algorithm>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tutti::fuzz::must;
  auto text = std::string{reinterpret_cast<const char*>(data), size};
  auto read = tutti::config_file::parse(text, "bot.yaml");
  if (read)
    return 0;
  const auto& why = read.error();
  must(why.error == tutti::errc::misconfigured, "a bad file is no defect of ours");
  must(why.detail.starts_with("bot.yaml:"), "the place is told");
  std::size_t lines = 0;
  for (std::string_view rest = why.detail; !rest.empty(); ++lines) {
    const auto end = std::min(rest.find('\n'), rest.size());
    must(end <= 1000, "each in short");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  must(lines <= 11, "ten errors, and how many more");
  return 0;
}
