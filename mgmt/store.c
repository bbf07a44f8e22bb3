/* SPDX-License-Identifier: ISC */
/* Texts into files, so that a crash leaves the old or the new one. */
#include "config.h"

#include "mgmt/store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/strbuf.h"
#include "lib/util.h"

#define TEXT_FILE_MAX (64 << 20) /* bytes of a file */

static int
write_all(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The new content beside the file, safe on the disk. */
static int
write_aside(const char *tmp, const char *text, size_t len)
{
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int rc;

	if (fd < 0)
		return -errno;
	rc = write_all(fd, text, len);
	if (rc == 0 && fsync(fd) != 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* The rename itself must reach the disk, too. */
static void
sync_dir(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* FILE.sav gets what the file holds now; nothing is lost if that fails, so it may. */
static void
save_old(const char *path)
{
	char *saved = xasprintf("%s.sav", path);
	struct strbuf old;
	char buf[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	strbuf_init(&old);
	while (f && (n = fread(buf, 1, sizeof buf, f)) > 0)
		strbuf_putn(&old, buf, n);
	if (f && old.len > 0)
		store_write(saved, old.s, old.len, false);
	if (f)
		fclose(f);
	strbuf_fini(&old);
	free(saved);
}

int
store_write(const char *path, const char *text, size_t len, bool keep_old)
{
	char *tmp = xasprintf("%s.new", path);
	int rc = write_aside(tmp, text, len);

	if (rc == 0 && keep_old)
		save_old(path);
	if (rc == 0 && rename(tmp, path) != 0)
		rc = -errno;
	if (rc == 0)
		sync_dir(path);
	else
		unlink(tmp);
	free(tmp);
	return rc;
}

char *
store_read(const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct strbuf b;
	char buf[8192];
	size_t n;

	if (!f) {
		err_set(e, "cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	strbuf_init(&b);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0 && b.len < TEXT_FILE_MAX)
		strbuf_putn(&b, buf, n);
	if (ferror(f))
		err_set(e, "cannot read %s: %s", path, strerror(errno));
	else if (b.len >= TEXT_FILE_MAX)
		err_set(e, "%s is too large", path);
	else if (b.len && memchr(b.s, '\0', b.len))
		err_set(e, "%s is not a text file", path);
	fclose(f);
	if (e->text[0]) {
		strbuf_fini(&b);
		return NULL;
	}
	strbuf_put(&b, "");
	return strbuf_take(&b);
}
