# SPDX-License-Identifier: GPL-2.0-or-later

# zsim_sources(variable folder file...) - the files, each behind its folder
function(zsim_sources variable folder)
	set(sources)
	foreach(file IN LISTS ARGN)
		set(source ${PROJECT_SOURCE_DIR}/${folder}/${file})
		list(APPEND sources ${source})
	endforeach()
	set(${variable} ${sources} PARENT_SCOPE)
endfunction()
