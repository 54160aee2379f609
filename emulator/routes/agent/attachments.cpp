// The files of messages, as the agent hands them out: Base64.
#include <emulator/routes/routes.hpp>
#include <emulator/text.hpp>

namespace tutti::emulator {

namespace {

reply read_attachment(call& request) {
  const auto* found =
      request.state.messages.find(*request.caller, url_safe_base64(request.query["messageId"]));
  if (!found || found->stream != url_safe_base64(request.path[0]))
    return error_reply(400, "Invalid message ID"); // Mapped from 404 since agent 20.12.
  const auto& wanted = request.query["fileId"];
  for (const auto& each : found->attachments) {
    auto preview = each.preview && wanted.starts_with(each.id + "_");
    if (each.id == wanted || preview)
      return {200, standard_base64(base64_url(preview ? *each.preview : *each.bytes)),
              "application/octet-stream"};
  }
  return error_reply(400, "Attachment not found");
}

} // namespace

std::vector<route> attachment_routes() {
  return {{"GET", "/agent/v1/stream/{sid}/attachment", true, read_attachment,
           "GET_MESSAGES|SEND_MESSAGES"}};
}

} // namespace tutti::emulator
