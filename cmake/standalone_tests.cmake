# The tests are written for Boost.Asio. For standalone Asio each of their files is copied with the other names, as
# Boost.Asio itself is made out of Asio, and built there.

# asio_uring_standalone_copy(FROM TO): copies a tree of tests; a file that comes out as before keeps its time.
function(asio_uring_standalone_copy from to)
    file(GLOB_RECURSE files RELATIVE "${from}" CONFIGURE_DEPENDS
        "${from}/*.hpp" "${from}/*.cpp" "${from}/*.txt" "${from}/*.sh" "${from}/*.supp")
    foreach(file IN LISTS files)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${from}/${file}")
        file(READ "${from}/${file}" text)
        string(REPLACE "boost/asio" "asio" text "${text}")
        string(REPLACE "boost::asio" "asio" text "${text}")
        string(REPLACE "BOOST_ASIO_" "ASIO_" text "${text}")
        string(REGEX REPLACE "boost/system/(error_code|system_error)\\.hpp" "system_error" text "${text}")
        string(REPLACE "boost::system::" "std::" text "${text}")
        get_filename_component(folder "${to}/${file}" DIRECTORY)
        file(MAKE_DIRECTORY "${folder}")
        file(WRITE "${to}/.copy" "${text}")
        file(COPY_FILE "${to}/.copy" "${to}/${file}" ONLY_IF_DIFFERENT)
        if(file MATCHES "\\.sh$")
            file(CHMOD "${to}/${file}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
        endif()
    endforeach()
endfunction()
