// errc as a CAF error; include before anything that compares or prints a caf::error of ours.
#pragma once

#include <tutti/errc.hpp>

#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <exception>

CAF_ERROR_CODE_ENUM(tutti::errc, "tutti")

namespace tutti {

/// The failure as it travels between actors.
TUTTI_API caf::error to_error(const failure& why);

/// What an actor threw, as the reason of its end: `errc::internal` with the exception's text.
TUTTI_API caf::error to_error(const std::exception_ptr& thrown);

/// The failure an actor was answered with; foreign errors (a dead actor, a CAF timeout) become
/// `errc::internal` or `errc::shutting_down` with CAF's words in the detail.
TUTTI_API failure to_failure(const caf::error& error);

} // namespace tutti
