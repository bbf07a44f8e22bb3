/* SPDX-License-Identifier: ISC */
/* Reading authorized keys. */
#include "config.h"

#include "netconf/keys.h"

#include <libssh/libssh.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/strbuf.h"
#include "lib/util.h"

#define USER_MAX 32	   /* bytes of a name */
#define KEY_LINE_MAX 16384 /* bytes of a line */

bool
keys_user_ok(const char *user)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t n = strlen(user);

	return n > 0 && n <= USER_MAX && strchr(letters, user[0]) &&
	       strspn(user + 1, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == n - 1;
}

static char *
path_of(const char *pattern, const char *user)
{
	struct strbuf b;

	strbuf_init(&b);
	for (; *pattern; pattern++) {
		if (pattern[0] == '%' && pattern[1] == 'u') {
			strbuf_put(&b, user);
			pattern++;
		} else {
			strbuf_putc(&b, *pattern);
		}
	}
	return strbuf_take(&b);
}

/* "TYPE BASE64 COMMENT"; a line of options does not begin with a type. */
static bool
line_is(char *line, struct ssh_key_struct *key)
{
	char *type, *b64, *save = NULL;
	ssh_key have = NULL;
	bool same;

	type = strtok_r(line, " \t\r\n", &save);
	b64 = strtok_r(NULL, " \t\r\n", &save);
	if (!type || !b64 || type[0] == '#' ||
	    ssh_pki_import_pubkey_base64(b64, ssh_key_type_from_name(type), &have) !=
		SSH_OK)
		return false;
	same = ssh_key_cmp(have, key, SSH_KEY_CMP_PUBLIC) == 0;
	ssh_key_free(have);
	return same;
}

bool
keys_permit(const char *pattern, const char *user, struct ssh_key_struct *key)
{
	char *path, *line;
	struct stat st;
	bool found = false;
	FILE *f;

	if (!keys_user_ok(user))
		return false;
	path = path_of(pattern, user);
	f = fopen(path, "re");
	free(path);
	if (!f)
		return false;
	line = xmalloc(KEY_LINE_MAX);
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		while (!found && fgets(line, KEY_LINE_MAX, f))
			found = line_is(line, key);
	free(line);
	fclose(f);
	return found;
}
