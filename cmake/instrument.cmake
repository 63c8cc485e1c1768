# SPDX-License-Identifier: GPL-2.0-or-later
# zsim_instrument: what the sanitizer and coverage builds add to every target.

add_library(zsim_instrument INTERFACE)

if(ZSIM_SANITIZE)
	set(sanitize_flags
		-fsanitize=address,undefined
		-fno-sanitize-recover=all
		-fno-omit-frame-pointer
	)
	target_compile_options(zsim_instrument INTERFACE ${sanitize_flags})
	target_link_options(zsim_instrument INTERFACE ${sanitize_flags})
endif()

# NDEBUG: an assertion's failing branch can never be taken, so it must not
# count against the gate. The sanitizer build keeps the assertions.
if(ZSIM_COVERAGE)
	target_compile_options(zsim_instrument INTERFACE --coverage -fprofile-abs-path
		-fprofile-update=atomic -O0)
	target_compile_definitions(zsim_instrument INTERFACE NDEBUG)
	target_link_options(zsim_instrument INTERFACE --coverage)
endif()
