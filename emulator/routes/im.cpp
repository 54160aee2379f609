// /pod/v1/im and /pod/v1/admin/im.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

namespace tutti::emulator {

namespace {

template <class Create>
reply create(call& request, Create open) {
  // Ids in the query (specification 1.0) are ignored like every unknown query parameter.
  auto ids = read_ids(request.body);
  if (!ids)
    return error_reply(400, "The body must be a JSON array of user ids (integers)");
  auto& all = request.state.conversations;
  const auto known = all.all().size();
  auto id = (all.*open)(*request.caller, *ids, request.now);
  if (const auto* why = std::get_if<refusal>(&id))
    return error_reply(*why);
  if (all.all().size() > known)
    request.state.events.im_created(*all.find(std::get<std::string>(id)), *request.caller,
                                    request.now);
  return {200, "{\"id\":" + json_string(std::get<std::string>(id)) + "}"};
}

} // namespace

std::vector<route> im_routes() {
  return {
      {"POST", "/pod/v1/im/create", true,
       [](call& request) { return create(request, &conversations::create); }, "SEND_MESSAGES"},
      {"POST", "/pod/v1/admin/im/create", true,
       [](call& request) { return create(request, &conversations::create_without_caller); }},
  };
}

} // namespace tutti::emulator
