# SPDX-License-Identifier: GPL-2.0-or-later
# Library, headers, pkg-config file and CMake package (find_package(zsim)).

include(CMakePackageConfigHelpers)

# A static archive does not carry its needs along, a shared library does.
if(BUILD_SHARED_LIBS)
	set(ZSIM_PC_REQUIRES "Requires.private: libxxhash libzstd")
else()
	set(ZSIM_PC_REQUIRES "Requires: libxxhash libzstd")
endif()

# The .pc file finds its prefix from where it lies: the tree may be moved.
file(RELATIVE_PATH ZSIM_PC_PREFIX
	${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/zsim)
configure_file(cmake/zsim.pc.in ${CMAKE_BINARY_DIR}/package/zsim.pc @ONLY)
configure_package_config_file(cmake/zsim-config.cmake.in
	${CMAKE_BINARY_DIR}/package/zsim-config.cmake
	INSTALL_DESTINATION ${package_dir}
)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/zsim-config-version.cmake
	COMPATIBILITY SameMinorVersion
)

install(TARGETS zsim EXPORT zsim
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
	LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
)
install(FILES ${PUBLIC_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/zsim)
install(EXPORT zsim NAMESPACE zsim:: FILE zsim-targets.cmake DESTINATION ${package_dir})
install(FILES
	${CMAKE_BINARY_DIR}/package/zsim-config.cmake
	${CMAKE_BINARY_DIR}/package/zsim-config-version.cmake
	DESTINATION ${package_dir}
)
install(FILES ${CMAKE_BINARY_DIR}/package/zsim.pc
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
