# Installs the headers, the library, its CMake package and its pkg-config files.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/asio_uring")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(TARGETS asio_uring asio_uring_drop_in EXPORT asio_uring-targets)

install(EXPORT asio_uring-targets NAMESPACE asio_uring:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/asio_uring-config.cmake.in asio_uring-config.cmake
    INSTALL_DESTINATION "${package_dir}"
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(asio_uring-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/asio_uring-config.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/asio_uring-config-version.cmake"
    cmake/Findasio.cmake
    cmake/Findliburing.cmake
    DESTINATION "${package_dir}")

# asio_uring.pc finds its prefix from where it lies itself, so that an installed tree can be moved.
file(RELATIVE_PATH ASIO_URING_PC_TO_PREFIX "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" ASIO_URING_PC_TO_PREFIX "${ASIO_URING_PC_TO_PREFIX}")
foreach(dir IN ITEMS LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
        set(ASIO_URING_PC_${dir} "${CMAKE_INSTALL_${dir}}")
    else()
        set(ASIO_URING_PC_${dir} "\${prefix}/${CMAKE_INSTALL_${dir}}")
    endif()
endforeach()
if(ASIO_URING_STANDALONE_ASIO)
    set(ASIO_URING_PC_DEFINITIONS " -DASIO_URING_STANDALONE_ASIO")
endif()
foreach(package IN ITEMS asio_uring asio_uring_drop_in)
    configure_file(cmake/${package}.pc.in ${package}.pc @ONLY)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${package}.pc" DESTINATION "${pkgconfig_dir}")
endforeach()
