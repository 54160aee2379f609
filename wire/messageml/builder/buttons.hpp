// Builds what forms share with the actions of clients.
#pragma once

#include <tutti/messageml/forms.hpp>

namespace tutti::messageml {

/// Of a form, or of an action in a client: that one has neither name nor type.
detail::markup button(std::string_view name, std::string_view type, std::string_view label,
                      const button_options& options);

/// Not checked as a whole yet.
detail::markup form_around(const form_options& options, const detail::markup& inside);

} // namespace tutti::messageml
