/* SPDX-License-Identifier: ISC */
/* The sessions in the guide are typed, and the engine answers what stands there, prompts included. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/store.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

static const char before[] = "hostname leaf1\n"
			     "router bgp 65000\n"
			     " neighbor 10.0.0.1 remote-as internal\n";

static void
check_answer(struct session *s, struct strbuf *want, const char *line)
{
	const char *got = s->out.buf.s ? s->out.buf.s : "";

	ck_assert_msg(strcmp(got, want->s) == 0,
	    "behind \"%s\" the guide says\n%s\nand it is\n%s", line, want->s, got);
	strbuf_reset(want);
}

/* A line with the prompt is typed; what stands between is the answer. */
static unsigned
play(struct session *s, const char *block)
{
	char prompt[128], line[256] = "";
	struct strbuf want;
	unsigned n = 0;

	strbuf_init(&want);
	strbuf_put(&want, "");
	strbuf_reset(&s->out.buf);
	for (const char *at = block; strncmp(at, "```", 3) != 0;
	     at = strchr(at, '\n') + 1) {
		size_t len = strcspn(at, "\n"), plen;

		session_prompt(s, prompt, sizeof prompt);
		plen = strlen(prompt);
		if (strncmp(at, prompt, plen) != 0) {
			ck_assert_msg(strncmp(at, "leaf1", 5) != 0, "%.*s", (int)len, at);
			strbuf_printf(&want, "%.*s\n", (int)len, at);
			continue;
		}
		check_answer(s, &want, line);
		snprintf(line, sizeof line, "%.*s", (int)(len - plen), at + plen);
		typed(s, line);
		n++;
	}
	check_answer(s, &want, line);
	strbuf_fini(&want);
	return n;
}

START_TEST(sessions)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/doc/guide.md", dir ? dir : ".");
	struct err e = { 0 };
	char *text = store_read(path, &e);
	const char *at = text;
	struct cli_report rep = { 0 };
	struct session s;
	unsigned n = 0;
	struct fix f;

	ck_assert_msg(text != NULL, "%s", e.text);
	fix_init(&f);
	commit_text(&f.eng, before, LOAD_GOOD_LINES, NULL, &rep);
	open_session(&s, &f, "ann");
	while ((at = strstr(at, "```session\n"))) {
		at = strchr(at, '\n') + 1;
		n += play(&s, at);
		at = strstr(at, "```") + 3;
	}
	ck_assert_uint_gt(n, 12);
	session_fini(&s);
	fix_fini(&f);
	free(text);
	free(path);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ sessions, 0, 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("guide", tests);
}
