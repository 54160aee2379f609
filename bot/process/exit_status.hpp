// What the exit status of `tutti` says.
#pragma once

#include <tutti/errc.hpp>
#include <tutti/export.hpp>

namespace tutti::command {

/// As in the official command line, and sysexits.h beyond. Several causes: the highest.
enum exit_status : int {
  done = 0,
  /// The pod or Tutti refused, or no answer came.
  refused = 1,
  /// No login, or no session.
  authentication = 2,
  /// No such user.
  not_found = 3,
  /// The command line or its input.
  usage = 64,
  /// A defect in Tutti.
  internal = 70,
  /// The configuration, the key or a trust store.
  configuration = 78,
};

TUTTI_FRONT_DOOR exit_status exit_status_of(const failure& why);

} // namespace tutti::command
