# Compiles with ccache, where it is installed and nothing else was asked for.

find_program(ASIO_URING_CCACHE ccache)
mark_as_advanced(ASIO_URING_CCACHE)
if(ASIO_URING_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    # Without these ccache compiles anew whatever uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${ASIO_URING_CCACHE}")
endif()
