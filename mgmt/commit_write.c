/* SPDX-License-Identifier: ISC */
/* The running configuration into its file, so that a crash leaves the old or the new one. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/datastore.h"

void
commit_running_text(struct engine *eng, struct strbuf *out)
{
	strbuf_put(out, "!\n");
	cli_text_render(eng->cli, eng->ds->nb, eng->ds->running, out);
	strbuf_put(out, "!\nend\n");
}

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
write_aside(const char *tmp, const struct strbuf *text)
{
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int rc;

	if (fd < 0)
		return -errno;
	rc = write_all(fd, text->s, text->len);
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
		write_aside(saved, &old);
	if (f)
		fclose(f);
	strbuf_fini(&old);
	free(saved);
}

static int
replace_file(const char *path, const char *tmp)
{
	save_old(path);
	if (rename(tmp, path) != 0)
		return -errno;
	sync_dir(path);
	return 0;
}

bool
commit_write(struct engine *eng, const struct ds_user *by, struct err *e)
{
	struct strbuf text;
	char *tmp;
	int rc;

	if (!ds_may(eng->ds, DS_STARTUP, by, e))
		return false;
	if (!eng->conf_file)
		return err_set(e, "there is no configuration file");
	strbuf_init(&text);
	strbuf_put(&text, "! " PACKAGE_NAME " " PACKAGE_VERSION "\n");
	commit_running_text(eng, &text);
	tmp = xasprintf("%s.new", eng->conf_file);
	rc = write_aside(tmp, &text);
	if (rc == 0)
		rc = replace_file(eng->conf_file, tmp);
	else
		unlink(tmp);
	free(tmp);
	strbuf_fini(&text);
	return rc == 0 ||
	       err_set(e, "cannot write %s: %s", eng->conf_file, strerror(-rc));
}
