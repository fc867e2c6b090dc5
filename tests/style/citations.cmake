# Fails when a source or chapter cites "Author (year)" without an entry in docs/references.bib, or an entry is cited nowhere.
#
# The key of an entry joins the surnames by which it is cited and the year: KingmaBa2015. A citation "Kingma & Ba (2015)" or
# "Salmon et al. 2011" belongs to a key that holds the name before the year (before "et al.") and ends in the year; it may go on in the
# next line of a comment.
#
# Run:  cmake -DROOT=<source tree> -P citations.cmake
cmake_minimum_required(VERSION 3.25)
set(no_author January February March April May June July August September October November December)

file(READ ${ROOT}/docs/references.bib references)
string(REGEX MATCHALL "@[a-z]+{[A-Za-z]+[0-9]+," entries "${references}")
list(TRANSFORM entries REPLACE "@[a-z]+{([A-Za-z]+[0-9]+)," "\\1" OUTPUT_VARIABLE keys)

set(files)
foreach(folder IN ITEMS propagator data autodiff fmnet tests docs)
  file(GLOB_RECURSE found ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.md ${ROOT}/${folder}/*.toml
       ${ROOT}/${folder}/*.txt)
  list(APPEND files ${found})
endforeach()

set(cited)
set(n_citations 0)
foreach(file IN LISTS files)
  file(READ ${file} text)
  string(REPLACE ";" "," text "${text}")
  string(REGEX REPLACE "[\n\r \t]+(//|#)?[ \t]*" " " text "${text}")
  string(REGEX MATCHALL "[A-Z][A-Za-z]+('s)?( et al[.])?(, [A-Z][.]( [A-Z][.])?)?,? [(]?(18|19|20)[0-9][0-9][^0-9-]" citations "${text}")
  foreach(citation IN LISTS citations)
    string(REGEX REPLACE "^([A-Za-z]+).*$" "\\1" name "${citation}")
    string(REGEX REPLACE "^.*((18|19|20)[0-9][0-9])[^0-9]$" "\\1" year "${citation}")
    if(name IN_LIST no_author)
      continue()
    endif()
    math(EXPR n_citations "${n_citations} + 1")
    set(matching ${keys})
    list(FILTER matching INCLUDE REGEX "^[A-Za-z]*${name}[A-Za-z]*${year}$")
    if(NOT matching)
      message(SEND_ERROR "${file}: '${citation}' has no entry in docs/references.bib")
    endif()
    list(APPEND cited ${matching})
  endforeach()
endforeach()

foreach(key IN LISTS keys)
  if(NOT key IN_LIST cited)
    message(SEND_ERROR "docs/references.bib: ${key} is cited nowhere")
  endif()
endforeach()
if(n_citations EQUAL 0)
  message(FATAL_ERROR "no citation below ${ROOT}: nothing was checked")
endif()
list(LENGTH keys n_keys)
message(STATUS "${n_citations} citations of ${n_keys} references checked")
