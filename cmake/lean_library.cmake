# What makes a shared library small where it runs: nothing in it that nobody names, few relocations,
# and what every bot runs laid together, so that the rest is never read.
include(CheckCXXSourceCompiles)

# For the libraries of objects it is made of.
function(tutti_compile_lean objects)
  if(NOT TUTTI_SANITIZE)
    target_compile_options(${objects} PRIVATE -ffunction-sections -fdata-sections)
  endif()
endfunction()

function(tutti_link_lean library)
  # A host may have an Asio of its own: what is not ours is neither given to it nor taken from it.
  set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.map)
  target_link_options(${library} PRIVATE "LINKER:--version-script,${exports}")
  set_property(TARGET ${library} APPEND PROPERTY LINK_DEPENDS ${exports})
  if(TUTTI_SANITIZE)
    return()
  endif()
  separate_arguments(given NATIVE_COMMAND "${CMAKE_SHARED_LINKER_FLAGS}")
  foreach(flag IN ITEMS -Wl,--gc-sections -Wl,-z,pack-relative-relocs -Wl,-Bsymbolic-functions)
    string(MAKE_C_IDENTIFIER "linker_takes${flag}${CMAKE_SHARED_LINKER_FLAGS}" takes)
    set(CMAKE_REQUIRED_LINK_OPTIONS ${given} ${flag})
    check_cxx_source_compiles("int main() {}" ${takes})
    if(${takes})
      target_link_options(${library} PRIVATE ${flag})
    endif()
  endforeach()
  tutti_lay_together(${library} ${PROJECT_SOURCE_DIR}/cmake/start_order.ld)
endfunction()

# GNU ld takes an order from its script only: its own one is used, with the ordered sections first.
function(tutti_lay_together library order)
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_SHARED_LINKER_FLAGS}")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -shared -Wl,--verbose
                  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/CMakeFiles # It leaves its output there.
                  OUTPUT_VARIABLE said ERROR_QUIET)
  set(first "*(.text.unlikely ")
  string(REGEX MATCH "\n====+\n(.*)\n====+\n" found "${said}")
  set(script "${CMAKE_MATCH_1}")
  string(FIND "${script}" "${first}" at)
  if(at EQUAL -1)
    message(STATUS "not GNU ld: what a bot runs at its start is not laid together (0.6 MB more in each)")
    return()
  endif()
  string(REPLACE "${first}" "INCLUDE \"${order}\"\n    ${first}" script "${script}")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/library.ld CONTENT "${script}" @ONLY)
  target_link_options(${library} PRIVATE "LINKER:-T,${PROJECT_BINARY_DIR}/generated/library.ld")
  if(TUTTI_BUILD_BENCH) # For bench/start_order.py.
    target_link_options(${library} PRIVATE "LINKER:-Map,${PROJECT_BINARY_DIR}/lib${library}.map")
  endif()
  set_property(TARGET ${library} APPEND PROPERTY LINK_DEPENDS ${order})
endfunction()
