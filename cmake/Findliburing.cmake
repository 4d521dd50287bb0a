# Finds liburing and defines the imported target liburing::liburing. Installed next to the package configuration,
# so that a program that uses the installed library finds liburing the same way.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(liburing_pc QUIET liburing)
endif()

find_path(liburing_INCLUDE_DIR NAMES liburing.h HINTS ${liburing_pc_INCLUDE_DIRS})
find_library(liburing_LIBRARY NAMES uring HINTS ${liburing_pc_LIBRARY_DIRS})
mark_as_advanced(liburing_INCLUDE_DIR liburing_LIBRARY)

# The header tells its version since liburing 2.4; before that only pkg-config does.
set(liburing_VERSION "${liburing_pc_VERSION}")
if(liburing_INCLUDE_DIR AND EXISTS "${liburing_INCLUDE_DIR}/liburing/io_uring_version.h")
    file(STRINGS "${liburing_INCLUDE_DIR}/liburing/io_uring_version.h" liburing_version_lines
        REGEX "^#define IO_URING_VERSION_(MAJOR|MINOR) +[0-9]+")
    list(TRANSFORM liburing_version_lines REPLACE "^.* ([0-9]+).*$" "\\1")
    list(JOIN liburing_version_lines "." liburing_VERSION)
    unset(liburing_version_lines)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(liburing
    REQUIRED_VARS liburing_LIBRARY liburing_INCLUDE_DIR
    VERSION_VAR liburing_VERSION)

if(liburing_FOUND AND NOT TARGET liburing::liburing)
    add_library(liburing::liburing UNKNOWN IMPORTED)
    set_target_properties(liburing::liburing PROPERTIES
        IMPORTED_LOCATION "${liburing_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${liburing_INCLUDE_DIR}")
endif()
