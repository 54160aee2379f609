// Knows the encodings that a message may declare beyond those that Expat knows.
#pragma once

namespace tutti::messageml::xml {

/// Fills in the code of each byte, -1 for none. False for all but the families of ISO 8859, of
/// Windows' code pages 125x and of KOI8.
bool read_encoding(const char* name, int (&codes)[256]);

} // namespace tutti::messageml::xml
