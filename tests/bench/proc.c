/* SPDX-License-Identifier: ISC */
/* Reads what the daemon's processes use of memory and processor, from /proc. */
#include "config.h"

#include "tests/bench/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
usage_add_cpu(struct usage *u, unsigned int at, int pid)
{
	double tick = (double)sysconf(_SC_CLK_TCK);
	unsigned long user = 0, sys = 0;
	char path[64], line[1024], *p;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return;
	/* The name, in parentheses, may hold blanks. */
	if (fgets(line, sizeof line, f) && (p = strrchr(line, ')')) &&
	    sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		&sys) == 2) {
		u->part[at] = (struct part){ .user = (double)user / tick,
			.kernel = (double)sys / tick };
		u->cpu += u->part[at].user + u->part[at].kernel;
	}
	fclose(f);
}

static void
usage_add_memory(struct usage *u, unsigned int at, int pid)
{
	char path[64], line[256];
	unsigned long kib;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	f = fopen(path, "r");
	if (!f)
		return;
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "VmRSS: %lu", &kib) == 1)
			u->part[at].rss = kib * 1024;
		if (sscanf(line, "VmHWM: %lu", &kib) == 1)
			u->part[at].hwm = kib * 1024;
	}
	fclose(f);
	u->rss += u->part[at].rss;
	u->hwm += u->part[at].hwm;
}

void
usage_reset_hwm(const struct load_conf *c)
{
	char path[64];
	unsigned int i;
	FILE *f;

	for (i = 0; i < c->npids; i++) {
		snprintf(path, sizeof path, "/proc/%d/clear_refs", c->pids[i]);
		f = fopen(path, "w");
		if (!f)
			continue;
		fputs("5", f);
		fclose(f);
	}
}

struct usage
usage_read(const struct load_conf *c)
{
	struct usage u = { .n = c->npids };
	unsigned int i;

	for (i = 0; i < c->npids; i++) {
		usage_add_cpu(&u, i, c->pids[i]);
		usage_add_memory(&u, i, c->pids[i]);
	}
	return u;
}

void
usage_print_parts(const struct usage *before, const struct usage *after)
{
	unsigned int i;

	printf("\"parts\":[");
	for (i = 0; i < after->n; i++)
		printf("%s[%.3f,%.3f]", i ? "," : "",
		    after->part[i].user - before->part[i].user,
		    after->part[i].kernel - before->part[i].kernel);
	printf("],\"hwms\":[");
	for (i = 0; i < after->n; i++)
		printf("%s%llu", i ? "," : "", (unsigned long long)after->part[i].hwm);
	printf("],");
}
