// The unit of what Tutti makes of texts: Expat's reading of one, of which nothing is made.
#pragma once

#include <bench/meter.hpp>

#include <expat.h>

#include <string>

namespace tutti::bench {

/// CPU of each run, in microseconds.
template <class Act>
double each(int runs, Act act) {
  act();
  meter used;
  for (int i = 0; i < runs; ++i)
    act();
  return used.stop().cpu_seconds * 1e6 / runs;
}

/// With a parser of its own and no callbacks.
inline void parse_alone(const std::string& text) {
  const auto parser = XML_ParserCreate(nullptr);
  XML_Parse(parser, text.data(), static_cast<int>(text.size()), XML_TRUE);
  XML_ParserFree(parser);
}

} // namespace tutti::bench
