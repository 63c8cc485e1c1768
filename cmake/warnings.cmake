# SPDX-License-Identifier: GPL-2.0-or-later
# zsim_warnings: linked by every target of ours, never exported.

add_library(zsim_warnings INTERFACE)
target_compile_options(zsim_warnings INTERFACE
	-Wall
	-Wextra
	-Wconversion
	-Wshadow
	-Wstrict-prototypes
	-Wmissing-prototypes
	-Wvla
	-Werror=implicit-function-declaration
	$<$<BOOL:${ZSIM_WERROR}>:-Werror>
)
