// Names the ways an IM was found, as logs and metrics show them.
#include <tutti/protocol/im.hpp>

#include <string_view>

namespace tutti {

std::string_view to_string(im_origin origin) noexcept {
  switch (origin) {
  case im_origin::pod:
    return "pod";
  case im_origin::directory:
    return "directory";
  case im_origin::joined:
    return "joined";
  }
  return "pod";
}

} // namespace tutti
