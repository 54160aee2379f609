// result<T>: a value, or the failure instead of it.
#pragma once

#include <tutti/errc.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>

namespace tutti {

/// A `T` or a `failure`; converts from both.
template <class T>
using result = boost::system::result<T, failure>;

/// Called by `result<T>::value()` when there is none: throws the failure's text.
[[noreturn]] inline void throw_exception_from_error(const failure& why,
                                                    const boost::source_location& /*where*/) {
  throw std::runtime_error(to_string(why));
}

} // namespace tutti
