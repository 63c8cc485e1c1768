# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages are written in Markdown; without go-md2man none are made.

find_program(GO_MD2MAN go-md2man)
if(NOT GO_MD2MAN)
	message(STATUS "go-md2man not found: no manual pages")
endif()

# zsim_man(name) - docs/man/NAME.1.md becomes NAME.1 and is installed
function(zsim_man name)
	set(source ${PROJECT_SOURCE_DIR}/docs/man/${name}.1.md)
	set(page ${CMAKE_BINARY_DIR}/man/${name}.1)
	if(NOT GO_MD2MAN OR NOT EXISTS ${source})
		return()
	endif()
	file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
	add_custom_command(OUTPUT ${page}
		COMMAND ${GO_MD2MAN} -in ${source} -out ${page}
		DEPENDS ${source}
		VERBATIM
	)
	add_custom_target(man-${name} ALL DEPENDS ${page})
	install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()
