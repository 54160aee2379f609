// Failures as CAF's errors, and back.
#include <tutti/protocol/error.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <string>

namespace tutti {

caf::error to_error(const failure& why) {
  return caf::error{static_cast<std::uint8_t>(why.error), caf::atom("tutti"),
                    caf::make_message(why.detail, static_cast<std::int32_t>(why.status), why.code)};
}

caf::error to_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return to_error({errc::internal, error.what(), 0, "exception"});
  } catch (...) {
    return to_error({errc::internal, "something that is no exception was thrown", 0, "exception"});
  }
}

failure to_failure(const caf::error& error) {
  if (error.category() == caf::atom("tutti") && error.code() < errc_count) {
    auto why = failure{static_cast<errc>(error.code()), {}, 0, {}};
    const auto& context = error.context();
    if (context.match_elements<std::string, std::int32_t, std::string>()) {
      why.detail = context.get_as<std::string>(0);
      why.status = context.get_as<std::int32_t>(1);
      why.code = context.get_as<std::string>(2);
    }
    return why;
  }
  if (error == caf::sec::request_receiver_down || error == caf::exit_reason::user_shutdown)
    return failure{errc::shutting_down, "the actor asked has ended", 0, {}};
  return failure{
      errc::internal, "an actor answered with a foreign error: " + to_string(error), 0, {}};
}

} // namespace tutti
