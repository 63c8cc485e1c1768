# SPDX-License-Identifier: GPL-2.0-or-later

# zsim_sources(variable folder file...) - the files, each behind its folder
function(zsim_sources variable folder)
	set(sources)
	foreach(file IN LISTS ARGN)
		set(source ${PROJECT_SOURCE_DIR}/${folder}/${file})
		# BEGIN-INTERIM: files that are still to be written are left out.
		if(NOT EXISTS ${source})
			message(STATUS "zsim: not there yet: ${folder}/${file}")
			continue()
		endif()
		# END-INTERIM
		list(APPEND sources ${source})
	endforeach()
	set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# BEGIN-INTERIM: a file that comes or goes configures the build anew, and one
# that no list names is taken along with a warning.
foreach(folder base model reclaim engine oracle trace observe)
	if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/libzsim/${folder})
		set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
			${PROJECT_SOURCE_DIR}/libzsim/${folder})
	endif()
endforeach()
foreach(folder include/zsim libzsim sim tests/unit tests/scenario tests/support tests/golden)
	if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
		set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
			${PROJECT_SOURCE_DIR}/${folder})
	endif()
endforeach()

# zsim_unlisted(variable folder pattern listed...) - full paths that nobody listed
function(zsim_unlisted variable folder pattern)
	file(GLOB found ${PROJECT_SOURCE_DIR}/${folder}/${pattern})
	if(found AND ARGN)
		list(REMOVE_ITEM found ${ARGN})
	endif()
	foreach(file IN LISTS found)
		message(WARNING "zsim: no list names ${file}")
	endforeach()
	set(${variable} ${found} PARENT_SCOPE)
endfunction()
# END-INTERIM
