#include <tutti/body_source.hpp>

namespace tutti {

body_source::~body_source() = default;

result<std::string> read_all(const body_source& from) {
  constexpr std::size_t part = std::size_t{1} << 20;
  std::string all;
  all.reserve(from.size());
  while (all.size() < from.size()) {
    auto next = from.read(all.size(), part);
    if (!next)
      return next.error();
    all += *next;
  }
  return all;
}

} // namespace tutti
