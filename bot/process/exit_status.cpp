// From failures to exit statuses.
#include <bot/process/exit_status.hpp>

#include <tutti/by_name.hpp>

namespace tutti::command {

exit_status exit_status_of(const failure& why) {
  switch (why.error) {
  case errc::login_refused:
    // A key that cannot be used never got as far as the pod.
    return why.code.starts_with("key") ? configuration : authentication;
  case errc::unauthorized:
    return authentication;
  case errc::unknown_user:
    return not_found;
  case errc::misconfigured:
    // The process that has the port may release it: another start may succeed.
    return why.code == "address_in_use" ? refused : configuration;
  case errc::internal:
    return internal;
  default:
    if (why.code == ambiguous_code)
      return not_found;
    return why.code == usage_code ? usage : refused;
  }
}

} // namespace tutti::command
