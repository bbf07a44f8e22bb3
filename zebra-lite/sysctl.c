/* SPDX-License-Identifier: ISC */
/* zebra-lite/sysctl.c: numbers from files of /proc and /sys. */
#include "config.h"

#include "zebra-lite/sysctl.h"

#include <stdio.h>

long
sysctl_number(const char *path)
{
	FILE *f = fopen(path, "re");
	long v = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%ld", &v) != 1)
		v = -1;
	fclose(f);
	return v;
}

long
sysctl_conf(const char *family, const char *ifname, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "/proc/sys/net/%s/conf/%s/%s", family, ifname, name);
	return sysctl_number(path);
}
