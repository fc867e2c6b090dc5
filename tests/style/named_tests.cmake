# Fails when a document names a test that does not exist: `Suite.Test`, `Suite.*`, or either behind the module whose folder below
# tests/ holds it, as in `data.Suite.Test`.
#
# Run:  cmake -DROOT=<source tree> -P named_tests.cmake
cmake_minimum_required(VERSION 3.25)

set(tests)  # module.Suite.Test
foreach(module IN ITEMS propagator data autodiff fmnet)
  file(GLOB_RECURSE sources ${ROOT}/tests/${module}/*_test.cpp)
  foreach(source IN LISTS sources)
    file(READ ${source} text)
    string(REGEX MATCHALL "\n(RC_G)?TEST(_F|_P|_PROP)?\\([A-Za-z0-9]+,[ \n]*[A-Za-z0-9]+" defined "${text}")
    list(TRANSFORM defined REPLACE "^.*\\(([A-Za-z0-9]+),[ \n]*([A-Za-z0-9]+)$" "${module}.\\1.\\2")
    list(APPEND tests ${defined})
  endforeach()
endforeach()

set(n_named 0)
file(GLOB documents ${ROOT}/*.md ${ROOT}/*/*.md)
foreach(document IN LISTS documents)
  file(READ ${document} text)
  string(REGEX MATCHALL "`([a-z]+[.])?[A-Z][A-Za-z0-9]+[.]([A-Z][A-Za-z0-9]+|[*])`" names "${text}")
  foreach(name IN LISTS names)
    math(EXPR n_named "${n_named} + 1")
    string(REGEX REPLACE "[`*]" "" start "${name}")
    string(REPLACE "." "[.]" pattern "${start}")
    if(NOT name MATCHES "[*]`$")
      string(APPEND pattern "$")
    endif()
    set(matching ${tests})
    list(FILTER matching INCLUDE REGEX "(^|[.])${pattern}")
    if(NOT matching)
      message(SEND_ERROR "${document}: there is no test ${name}")
    endif()
  endforeach()
endforeach()

if(n_named EQUAL 0)
  message(FATAL_ERROR "no document below ${ROOT} names a test: nothing was checked")
endif()
message(STATUS "${n_named} names of tests checked")
