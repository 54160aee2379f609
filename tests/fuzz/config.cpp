// A configuration file: it is read, or its first fault is shown with its place.
#include <tests/fuzz/fuzz.hpp>

#include <tutti/config_file.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tutti::fuzz::must;
  auto text = std::string{reinterpret_cast<const char*>(data), size};
  auto read = tutti::config_file::parse(text, "bot.yaml");
  if (read)
    return 0;
  const auto& why = read.error();
  must(why.error == tutti::errc::misconfigured, "a bad file is no defect of ours");
  must(why.detail.starts_with("bot.yaml:"), "the place is told");
  must(why.detail.size() <= 1000, "in short");
  return 0;
}
