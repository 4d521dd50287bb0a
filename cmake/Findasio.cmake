# Finds standalone Asio, which is headers alone, and defines the imported target asio::asio. Installed next to the
# package configuration, so that a program that uses the installed library finds Asio the same way.

find_path(asio_INCLUDE_DIR NAMES asio/version.hpp)
mark_as_advanced(asio_INCLUDE_DIR)

# ASIO_VERSION is major * 100000 + minor * 100 + patch.
if(asio_INCLUDE_DIR)
    file(STRINGS "${asio_INCLUDE_DIR}/asio/version.hpp" asio_version_line REGEX "^#define ASIO_VERSION [0-9]+")
    string(REGEX REPLACE "^#define ASIO_VERSION ([0-9]+).*$" "\\1" asio_version_number "${asio_version_line}")
    math(EXPR asio_version_major "${asio_version_number} / 100000")
    math(EXPR asio_version_minor "${asio_version_number} / 100 % 1000")
    math(EXPR asio_version_patch "${asio_version_number} % 100")
    set(asio_VERSION "${asio_version_major}.${asio_version_minor}.${asio_version_patch}")
    foreach(name IN ITEMS line number major minor patch)
        unset(asio_version_${name})
    endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(asio REQUIRED_VARS asio_INCLUDE_DIR VERSION_VAR asio_VERSION)

if(asio_FOUND AND NOT TARGET asio::asio)
    add_library(asio::asio INTERFACE IMPORTED)
    set_target_properties(asio::asio PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${asio_INCLUDE_DIR}")
endif()
