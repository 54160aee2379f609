// Runs an io_context to its end, whatever its handlers throw.
#pragma once

#include <boost/asio/io_context.hpp>

#include <exception>
#include <new>

namespace tutti {

/// What a coroutine throws goes to who runs the loop, for `run_guarded`; `detached` would lose it.
inline void rethrow(const std::exception_ptr& thrown) {
  if (thrown)
    std::rethrow_exception(thrown);
}

/// `report(const char* why)` hears of each exception; the loop goes on with the next handler. Out
/// of memory the process's handler for that comes first: Asio has its own way to allocate and to
/// throw.
template <class Report>
void run_guarded(boost::asio::io_context& io, Report&& report) {
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::bad_alloc& error) {
      if (auto* last_resort = std::get_new_handler())
        last_resort();
      report(error.what());
    } catch (const std::exception& error) {
      report(error.what());
    } catch (...) { // The edge of a thread.
      report("a handler threw something that is no exception");
    }
  }
}

} // namespace tutti
