// Create IM, both forms.
#include <wire/endpoints.hpp>
#include <wire/json.hpp>

#include <fmt/format.h>

namespace tutti::wire {

http_request create_im(im_form form, const participant_set& users) {
  http_request request;
  request.method = http_method::post;
  request.target = form == im_form::inclusive ? create_im_path : admin_create_im_path;
  request.repeat_safe = true; // An IM that exists already is answered with its id.
  request.body.push_back('[');
  for (auto user : users.users()) {
    if (request.body.size() > 1)
      request.body.push_back(',');
    fmt::format_to(std::back_inserter(request.body), "{}", user.value());
  }
  request.body.push_back(']');
  return request;
}

result<stream_id> read_im(const http_response& answer) {
  constexpr std::string_view what = "create IM (POST /pod/v1/im/create)";
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(what, answer, [&](auto& document) -> result<stream_id> {
    std::string_view id = document["id"];
    auto stream = stream_id::make(id);
    if (!stream)
      return malformed(what, stream.error().detail, answer);
    return stream;
  });
}

} // namespace tutti::wire
