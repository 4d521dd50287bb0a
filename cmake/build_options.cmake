# How this project's own targets are compiled: compiler cache, sanitizers, warnings. Nothing of it reaches users.

if(PROJECT_IS_TOP_LEVEL)
    include("${CMAKE_CURRENT_LIST_DIR}/compiler_cache.cmake")
endif()

if(ASIO_URING_SANITIZE)
    add_compile_options("-fsanitize=${ASIO_URING_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options("-fsanitize=${ASIO_URING_SANITIZE}")
    if(ASIO_URING_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio's fenced_block and ref_count_down use atomic_thread_fence, which g++ says it can't follow. The false
        # reports that come of it are listed in test/tsan.supp.
        add_compile_options(-Wno-tsan)
    endif()
    if(ASIO_URING_SANITIZE MATCHES "undefined")
        # This check opens a pipe to look at memory, so that it reports falsely where no descriptor is left.
        add_compile_options(-fno-sanitize=vptr)
        add_link_options(-fno-sanitize=vptr)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
            # It stops at coroutines with this check (LLVM issue 49689).
            add_compile_options(-fno-sanitize=function)
        endif()
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # False with sanitizers, as GCC's manual says; seen inside Asio's use_future.
        add_compile_options(-Wno-maybe-uninitialized)
    endif()
endif()

function(asio_uring_build_options target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
        $<$<BOOL:${ASIO_URING_WERROR}>:-Werror>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # False warnings inside std::string (GCC bug 105651).
        target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()
