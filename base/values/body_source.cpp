// Reads sources of bytes, none of which is trusted.
#include <tutti/body_source.hpp>

#include <algorithm>
#include <exception>

namespace tutti {

namespace {

failure unreadable(const std::string& why) {
  return {errc::rejected, "what is to be sent cannot be read: " + why, 0, "body"};
}

} // namespace

body_source::~body_source() = default;

result<std::string> read_part(const body_source& from, std::uint64_t offset, std::size_t count) {
  const auto most = std::min<std::uint64_t>(count, from.size() - offset);
  try {
    auto part = from.read(offset, static_cast<std::size_t>(most));
    if (!part) // Whatever kind it is: the request fails, and is not repeated.
      return failure{errc::rejected, part.error().detail, 0, part.error().code};
    if (part->empty() || part->size() > most)
      return unreadable("its source gave " + std::to_string(part->size()) + " bytes where 1 to " +
                        std::to_string(most) + " were asked for");
    return part;
  } catch (const std::exception& error) {
    return unreadable(error.what());
  } catch (...) { // The edge of a thread that reads.
    return unreadable("it threw something that is no exception");
  }
}

result<std::string> read_all(const body_source& from) {
  constexpr std::size_t part = std::size_t{1} << 20;
  std::string all;
  all.reserve(from.size());
  while (all.size() < from.size()) {
    auto next = read_part(from, all.size(), part);
    if (!next)
      return next.error();
    all += *next;
  }
  return all;
}

} // namespace tutti
