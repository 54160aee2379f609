// The caller as the pod knows it.
#pragma once

#include <tutti/ids.hpp>

#include <string>

namespace tutti {

/// Who a session belongs to (`GET /pod/v2/sessioninfo`, schema UserV2).
struct caller_info {
  user_id id;
  std::string username;
  std::string display_name;

  friend bool operator==(const caller_info&, const caller_info&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, caller_info& x) {
    return f(x.id, x.username, x.display_name);
  }
};

} // namespace tutti
