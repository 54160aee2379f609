// Encodings that a message may declare beyond those that Expat knows.
#pragma once

namespace tutti::messageml::xml {

/// Fills in the code of each byte, -1 for none. False for an unknown encoding, and for one whose
/// characters take several bytes.
bool read_encoding(const char* name, int (&codes)[256]);

} // namespace tutti::messageml::xml
