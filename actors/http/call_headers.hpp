// Puts together the header lines that a call is sent with, and what of it must not be quoted.
#pragma once

#include <actors/http/pending_call.hpp>
#include <actors/http/session_leases.hpp>
#include <transport/client.hpp>
#include <wire/endpoints.hpp>
#include <wire/redact.hpp>

#include <tutti/config.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tutti {

class call_headers {
public:
  explicit call_headers(const config& settings)
      : of_hosts_(std::make_shared<const std::string>(wire::secrets_of(settings))) {}

  /// The lines of that call: its session's, its own, its trace; until the next call. `one` keeps
  /// the session's number and the call's secrets. `lease` is null for a call without a session.
  std::string_view make(pending_call& one, const session_leases::lease* lease) {
    const auto& request = one.call.request;
    lines_.clear();
    if (lease) {
      one.session_number = lease->number;
      one.secrets = lease->secrets;
      lines_ = needs_keys(one.call) ? lease->agent_header : lease->header;
    }
    lines_ += request.headers;
    if (is_login(one.call) || !request.headers.empty())
      one.secrets = std::make_shared<const std::string>(lines_ + request.body + *of_hosts_);
    else if (!one.secrets)
      one.secrets = of_hosts_;
    if (is_login(one.call) && !request.body.empty())
      proof_ = *one.secrets;
    wire::append_trace_header(lines_, trace_of(one));
    return lines_;
  }

  /// What must not be quoted of any call with the session that the newest login has opened.
  std::string secrets_of_login() const { return proof_ + *of_hosts_; }

private:
  /// Of the call that was made last; kept for its capacity.
  std::string lines_;
  /// What the newest login carried.
  std::string proof_;
  /// What all calls carry.
  std::shared_ptr<const std::string> of_hosts_;
};

/// The call's request with these header lines, to both of which it refers.
inline transport::outgoing outgoing_of(const pending_call& one, std::string_view lines) {
  const auto& request = one.call.request;
  return {.to = one.call.to,
          .method = request.method,
          .target = request.target,
          .headers = lines,
          .body = request.body,
          .rest = request.rest,
          .certificate = one.call.certificate,
          .fresh = one.fresh,
          .content_type_given = transport::has_content_type(request.headers)};
}

} // namespace tutti
