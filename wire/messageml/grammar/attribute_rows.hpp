// The attributes of each element, for the rows of table.cpp alone: in the order in which they are
// written where an element has an order of its own.
#pragma once

#include <wire/messageml/grammar/table.hpp>

#include <array>

namespace tutti::messageml::rows_of_attributes {

constexpr auto S = spelling::shorthand;
constexpr auto P = spelling::presentation;
constexpr auto B = spelling::both;
using enum value_type;
using enum need;
using A = attribute_row;

constexpr std::int64_t most_long = INT64_MAX;
constexpr std::int64_t most_int = INT32_MAX;

// -- attributes that several elements share ------------------------------------------

constexpr A class_row{"class", B, text, "class"};
constexpr A style_row{"style", B, style, "style"};
constexpr A style_dropped{"style", B, style};
constexpr A entity_id{"data-entity-id", B, text};
constexpr A entity_class{"class", P, ignored};
constexpr A entity_style{"style", P, style};
constexpr A name_row{"name", B, text, "name", filled};
constexpr A required_row{"required", B, boolean, "required"};
constexpr A disabled_row{"disabled", B, boolean, "disabled"};
constexpr A readonly_row{"readonly", B, boolean, "readonly"};
constexpr A placeholder_row{"placeholder", B, text, "placeholder"};
constexpr A no_validate{"formnovalidate", S, boolean, "data-formnovalidate"};
constexpr A no_validate_written{"data-formnovalidate", P, boolean, "data-formnovalidate"};
constexpr A label_row{"label", B, text, "", no, 0, 256};
constexpr A title_row{"title", B, text, "", no, 0, 256};
constexpr A id_row{"id", P, label_id};

constexpr std::array generic{class_row, style_row};
constexpr std::array division_rows{class_row, A{"data-entity-id", B, text, "data-entity-id"},
                                   style_row};
constexpr std::array span_rows{class_row, A{"data-entity-id", B, text, "data-entity-id"},
                               A{"data-target-id", B, text, "data-target-id"},
                               A{"data-title", B, text, "data-title"}, style_row};
constexpr std::array link_rows{class_row, A{"href", B, uri, "href", filled}, style_row};
constexpr std::array image_rows{class_row, A{"src", B, text, "src", present}, style_row};
constexpr std::array cell_rows{
    class_row, A{"colspan", B, long_integer, "colspan", no, INT64_MIN, most_long},
    A{"rowspan", B, long_integer, "rowspan", no, INT64_MIN, most_long}, style_row};
constexpr std::string_view languages = "plaintext c cpp csharp css html java js jsx php python r "
                                       "typescript tsx markdown json scala shell yaml  ";
constexpr std::array code_rows{A{"class", B, ignored}, style_dropped,
                               A{"language", B, word, "data-language", no, 0, 0, languages},
                               A{"data-language", B, word, "data-language", no, 0, 0, languages}};
constexpr std::array chime_rows{
    A{"src", B, word, "", no, 0, 0, "https://asset.symphony.com/symphony/audio/chime.mp3"},
    A{"autoplay", B, ignored}};

// -- tags with entities --------------------------------------------------------------

constexpr std::array mention_rows{A{"uid", B, long_integer, "", no, INT64_MIN, most_long},
                                  A{"email", B, text},
                                  A{"strict", B, text},
                                  entity_id,
                                  entity_class,
                                  entity_style};
constexpr std::array tag_rows{A{"tag", B, text, "", no}, entity_id, entity_class, entity_style};
constexpr std::array instrument_rows{
    A{"fullbbgcompticker"},
    A{"figi"},
    A{"bbgcompticker"},
    A{"figi-ticker"},
    A{"us-code"},
    A{"isin"},
    A{"local-code"},
    A{"unique-id"},
    A{"instrument-class", B, exact_word, "", no, 0, 0, "equity index fxcross"},
    A{"bbgmarket-sector", B, exact_word, "", no, 0, 0,
      "Equity Comdty Corp Curncy Govt Index Mmkt Mtge Muni Pfd"},
    A{"return-main-listing"},
    A{"country-code"},
    A{"operational-mic"},
    A{"fallback-ticker"},
    entity_id};
constexpr std::array emoji_rows{A{"shortcode"}, A{"annotation"}, A{"size"}, A{"family"}};
constexpr std::array date_time_rows{
    A{"value", B, date_time, "", filled},
    A{"format", B, word, "", no, 0, 0, "date_time date time time_secs"}};

// -- cards ---------------------------------------------------------------------------

constexpr std::array card_rows{class_row,
                               A{"iconSrc", B, text, "data-icon-src"},
                               A{"data-icon-src", B, text, "data-icon-src"},
                               A{"accent", B, text, "data-accent-color"},
                               A{"data-accent-color", B, text, "data-accent-color"},
                               style_dropped};
constexpr std::string_view card_states = "collapsed cropped expanded";
constexpr std::array expandable_rows{
    class_row, A{"state", B, word, "data-state", no, 0, 0, card_states},
    A{"data-state", B, word, "data-state", no, 0, 0, card_states}, style_dropped};
constexpr std::array expandable_body_rows{
    A{"variant", B, word, "data-variant", no, 0, 0, "default error"},
    A{"data-variant", B, word, "data-variant", no, 0, 0, "default error"}};

// -- forms ---------------------------------------------------------------------------

constexpr std::array form_rows{
    A{"id", B, text, "id", filled},
    A{"multi-submit", B, word, "data-multi-submit", no, 0, 64, "reset no-reset"}};
constexpr std::array button_rows{
    A{"type", B, exact_word, "type", no, 0, 0, "action reset cancel"},
    A{"class", B, exact_word, "class", no, 0, 0,
      "primary secondary tertiary destructive primary-destructive secondary-destructive "
      "primary-link destructive-link"},
    A{"data-formnovalidate", P, text, "data-formnovalidate"},
    A{"data-title", P, text, "data-title"},
    A{"icon", B, text, "data-icon"},
    A{"name", B, text, "name"},
    A{"title", S, text, "data-title"},
    A{"formnovalidate", S, text, "data-formnovalidate"}};

constexpr A pattern_row{"pattern", B, pattern, "pattern", no, 0, 256};
constexpr A pattern_error{"pattern-error-message", S, text, "data-pattern-error-message"};
constexpr A pattern_error_written{"data-pattern-error-message", P, text,
                                  "data-pattern-error-message"};
constexpr std::array text_field_rows{name_row,
                                     placeholder_row,
                                     required_row,
                                     A{"masked", S, boolean, "data-masked"},
                                     A{"data-masked", P, boolean, "data-masked"},
                                     A{"minlength", B, integer, "minlength", no, 1, 128},
                                     A{"maxlength", B, integer, "maxlength", no, 1, 128},
                                     A{"disabled", S, boolean, "disabled"},
                                     A{"readonly", S, boolean, "readonly"},
                                     A{"auto-submit", S, boolean, "data-auto-submit"},
                                     no_validate,
                                     no_validate_written,
                                     A{"value", P, text, "value"},
                                     label_row,
                                     A{"title", S, text, "", no, 0, 256},
                                     id_row,
                                     pattern_row,
                                     pattern_error,
                                     pattern_error_written};
constexpr std::array text_area_rows{name_row,
                                    placeholder_row,
                                    required_row,
                                    A{"minlength", B, integer, "minlength", no, 0, 10'000},
                                    A{"maxlength", B, integer, "maxlength", no, 0, 10'000},
                                    disabled_row,
                                    readonly_row,
                                    A{"rows", B, integer, "rows", no, 0, most_int},
                                    A{"cols", B, integer, "cols", no, 0, most_int},
                                    no_validate,
                                    no_validate_written,
                                    label_row,
                                    title_row,
                                    id_row,
                                    pattern_row,
                                    pattern_error,
                                    pattern_error_written};
constexpr std::array box_rows{name_row,
                              A{"checked", B, boolean, "checked"},
                              A{"value", B, text, "value", no, 0, 0, "", "on"},
                              disabled_row,
                              readonly_row,
                              A{"formnovalidate", B, boolean, "data-formnovalidate"},
                              no_validate_written,
                              label_row,
                              id_row};
constexpr std::array select_rows{name_row,
                                 required_row,
                                 A{"data-placeholder", B, text, "data-placeholder"},
                                 A{"multiple", B, boolean, "multiple"},
                                 A{"min", B, integer, "data-min", no, 0, most_int},
                                 A{"max", B, integer, "data-max", no, 1, most_int},
                                 label_row,
                                 title_row,
                                 disabled_row,
                                 readonly_row,
                                 A{"auto-submit", B, boolean, "data-auto-submit"},
                                 A{"formnovalidate", B, boolean, "data-formnovalidate"},
                                 A{"id", B, label_id},
                                 A{"data-formnovalidate", B, ignored}};
constexpr std::array option_rows{A{"value", B, text, "value", present},
                                 A{"selected", B, boolean, "selected"}};

constexpr A data_name{"data-name", P, text, "data-name", filled};
constexpr A plain_name{"name", S, text, "data-name", filled};
constexpr A plain_name_dropped{"name", P, ignored};
constexpr A data_placeholder{"data-placeholder", P, text, "data-placeholder"};
constexpr A placeholder_as_data{"placeholder", B, text, "data-placeholder"};
constexpr A data_required{"data-required", P, boolean, "data-required"};
constexpr A required_as_data{"required", B, boolean, "data-required"};
/// Of a selector whose value is a list of that type.
constexpr auto selector_rows(value_type list) {
  return std::array{plain_name,
                    data_name,
                    plain_name_dropped,
                    placeholder_as_data,
                    data_placeholder,
                    required_as_data,
                    data_required,
                    A{"value", B, list, "data-value"},
                    A{"data-value", P, list, "data-value"},
                    A{"formnovalidate", B, boolean, "data-formnovalidate"},
                    no_validate_written,
                    label_row,
                    title_row,
                    id_row};
}
constexpr auto person_rows = selector_rows(user_list);
constexpr auto room_rows = selector_rows(text_list);
constexpr std::array date_selector_rows{
    plain_name,         data_name,
    plain_name_dropped, placeholder_as_data,
    data_placeholder,   required_as_data,
    data_required,      A{"formnovalidate", B, boolean, "data-formnovalidate"},
    no_validate_written};
constexpr A picker_name{"name", B, text, "name", filled, 0, 64};
constexpr A type_given{"type", P, ignored};
constexpr std::array date_picker_rows{
    picker_name,
    A{"value", B, date, "value"},
    placeholder_row,
    A{"min", B, date, "min"},
    A{"max", B, date, "max"},
    required_row,
    A{"disabled-date", S, date_list, "data-disabled-date", no, 0, 1024, "", "", true},
    A{"highlighted-date", S, date_list, "data-highlighted-date", no, 0, 1024, "", "", true},
    A{"format", S, date_format, "data-format", no, 0, 64},
    disabled_row,
    readonly_row,
    A{"data-disabled-date", P, text, "data-disabled-date"},
    A{"data-highlighted-date", P, text, "data-highlighted-date"},
    A{"data-format", P, text, "data-format"},
    no_validate,
    no_validate_written,
    A{"label", B, text, "", no, 0, 64},
    A{"title", B, text, "", no, 0, 64},
    id_row,
    type_given};
constexpr std::array time_picker_rows{
    picker_name,
    A{"value", B, time, "value"},
    A{"placeholder", B, text, "placeholder", no, 0, 64},
    A{"min", B, time, "min"},
    A{"max", B, time, "max"},
    A{"step", B, integer, "step", no, 600, 43'200},
    A{"format", S, time_format, "data-format", no, 0, 64},
    A{"strict", B, boolean, "data-strict"},
    A{"disabled-time", S, time_list, "data-disabled-time", no, 0, 1024, "", "", true},
    required_row,
    A{"data-format", P, text, "data-format"},
    A{"data-strict", P, text, "data-strict"},
    A{"data-disabled-time", P, text, "data-disabled-time"},
    disabled_row,
    readonly_row,
    A{"formnovalidate", B, boolean, "data-formnovalidate"},
    no_validate_written,
    label_row,
    title_row,
    id_row,
    type_given};
constexpr std::array timezone_rows{
    A{"name", S, text, "data-name", filled},
    A{"name", P, ignored},
    A{"data-name", P, text, "data-name", filled},
    A{"value", B, zone, "data-value"},
    A{"data-value", P, text, "data-value"},
    placeholder_as_data,
    data_placeholder,
    A{"disabled-timezone", S, zone_list, "data-disabled-timezone", no, 0, 1024, "", "", true},
    A{"data-disabled-timezone", P, json_texts, "data-disabled-timezone", no, 0, 0, "", "", true},
    required_as_data,
    A{"data-required", P, text, "data-required"},
    no_validate,
    no_validate_written,
    label_row,
    title_row,
    id_row};

// -- actions and dialogs -------------------------------------------------------------

constexpr std::array ui_action_rows{
    A{"action", B, word, "data-action", no, 0, 0, "open-im open-dialog"},
    A{"data-action", B, word, "data-action", no, 0, 0, "open-im open-dialog"},
    A{"trigger", B, word, "data-trigger", no, 0, 0, "click", "click"},
    A{"data-trigger", B, word, "data-trigger", no, 0, 0, "click"},
    A{"user-ids", B, text, "data-user-ids"},
    A{"data-user-ids", B, text, "data-user-ids"},
    A{"stream-id", B, text, "data-stream-id"},
    A{"data-stream-id", B, text, "data-stream-id"},
    A{"side-by-side", B, text, "data-side-by-side"},
    A{"data-side-by-side", B, text, "data-side-by-side"},
    A{"target-id", B, text, "data-target-id"},
    A{"data-target-id", B, text, "data-target-id"}};
constexpr std::string_view widths = "small medium large full-width";
constexpr std::array dialog_rows{A{"width", B, word, "data-width", no, 0, 0, widths, "medium"},
                                 A{"data-width", B, word, "data-width", no, 0, 0, widths},
                                 A{"state", B, word, "data-state", no, 0, 0, "open close", "close"},
                                 A{"data-state", B, word, "data-state", no, 0, 0, "open close"},
                                 A{"id", B, id, "id", filled, 0, 64},
                                 A{"open", P, text},
                                 A{"data-open", B, text}};

} // namespace tutti::messageml::rows_of_attributes
