/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's program: it knows only what was installed. */
#include <stdio.h>
#include <string.h>

#include <zsim/oracle.h>
#include <zsim/trace.h>
#include <zsim/whatif.h>
#include <zsim/zsim.h>

int main(void)
{
	char version[64];
	struct zsim *zs;
	int err = 0;

	snprintf(version, sizeof(version), "%d.%d.%d", ZSIM_VERSION_MAJOR, ZSIM_VERSION_MINOR,
		 ZSIM_VERSION_PATCH);
	if (strcmp(version, zsim_version()) != 0) {
		fprintf(stderr, "header %s, library %s\n", version, zsim_version());
		return 1;
	}
	zs = zsim_create(NULL, &err);
	if (!zs) {
		fprintf(stderr, "zsim_create: %d\n", err);
		return 1;
	}
	zsim_free(zs);
	printf("%s\n", version);
	return 0;
}
