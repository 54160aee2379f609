# Makes a shared library small in memory: what no code refers to is left out, relocations are few, and
# with TUTTI_START_ORDER the functions that bots run are next to each other, so that the rest is never read.
include(CheckCXXSourceCompiles)

set(TUTTI_START_ORDER "" CACHE FILEPATH "Functions to lay together in libtutti.so, as bench/start_order.py writes them")

# For the libraries of objects it is made of.
function(tutti_compile_lean objects)
  if(NOT TUTTI_SANITIZE)
    target_compile_options(${objects} PRIVATE -ffunction-sections -fdata-sections)
  endif()
endfunction()

# A host may have an Asio of its own: what is not ours is neither given to it nor taken from it.
function(tutti_show_own_names_only library)
  set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.map)
  target_link_options(${library} PRIVATE "LINKER:--version-script,${exports}")
  set_property(TARGET ${library} APPEND PROPERTY LINK_DEPENDS ${exports})
endfunction()

# Whether the linker that is used, which the flags may choose, makes a shared library with `options`.
function(tutti_linker_takes result options)
  string(MAKE_C_IDENTIFIER "linker_takes${options}${CMAKE_CXX_FLAGS}${CMAKE_SHARED_LINKER_FLAGS}" takes)
  separate_arguments(given NATIVE_COMMAND "${CMAKE_SHARED_LINKER_FLAGS}")
  set(CMAKE_REQUIRED_FLAGS -fPIC)
  set(CMAKE_REQUIRED_LINK_OPTIONS -shared ${given} ${options})
  set(CMAKE_REQUIRED_QUIET TRUE)
  check_cxx_source_compiles("int answer() { return 42; }" ${takes} FAIL_REGEX "[Uu]nknown|[Ii]gnor|[Uu]nrecogni")
  set(${result} ${${takes}} PARENT_SCOPE)
endfunction()

function(tutti_link_lean library)
  tutti_show_own_names_only(${library})
  if(TUTTI_SANITIZE)
    return()
  endif()
  foreach(option IN ITEMS --gc-sections -z,pack-relative-relocs -Bsymbolic-functions)
    tutti_linker_takes(good LINKER:${option})
    if(good)
      target_link_options(${library} PRIVATE LINKER:${option})
    endif()
  endforeach()
  if(TUTTI_START_ORDER)
    tutti_lay_together(${library} ${TUTTI_START_ORDER})
  endif()
  if(TUTTI_BUILD_BENCH) # For bench/start_order.py.
    tutti_linker_takes(good LINKER:-Map,/dev/null)
    if(good)
      target_link_options(${library} PRIVATE "LINKER:-Map,${PROJECT_BINARY_DIR}/lib${library}.map")
    endif()
  endif()
endfunction()

# GNU ld 2.40 takes an order from its script only: its own one is used, with those sections first.
function(tutti_lay_together library order)
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_SHARED_LINKER_FLAGS}")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -shared -Wl,--verbose
                  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/CMakeFiles # It leaves its output there.
                  OUTPUT_VARIABLE said ERROR_QUIET)
  set(first "*(.text.unlikely ")
  string(REGEX MATCH "\n====+\n(.*)\n====+\n" found "${said}")
  string(REPLACE "${first}" "INCLUDE \"${order}\"\n    ${first}" ordered "${CMAKE_MATCH_1}")
  set(script ${PROJECT_BINARY_DIR}/generated/${library}.ld)
  file(CONFIGURE OUTPUT ${script} CONTENT "${ordered}" @ONLY)
  set(good FALSE)
  if(ordered MATCHES "INCLUDE")
    tutti_linker_takes(good LINKER:-T,${script})
  endif()
  if(NOT good)
    message(STATUS "the linker takes no order of functions: a bot will be larger in memory")
    return()
  endif()
  target_link_options(${library} PRIVATE LINKER:-T,${script})
  set_property(TARGET ${library} APPEND PROPERTY LINK_DEPENDS ${order} ${script})
endfunction()
