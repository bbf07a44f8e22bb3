/* SPDX-License-Identifier: ISC */
/* Output, page by page on a terminal. */
#include "config.h"

#include "vtysh/pager.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* less is not on every machine; more is on every Debian. */
#define DEFAULT_PAGER                                                                    \
	"if command -v less >/dev/null; then less -FRX; "                                \
	"elif command -v more >/dev/null; then more; else cat; fi"

void
pager_begin(struct pager *p, int page)
{
	*p = (struct pager){ .page = page };
	strbuf_init(&p->kept);
}

int
pager_terminal_lines(void)
{
	struct winsize ws;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) != 0)
		return 0;
	return ws.ws_row;
}

static bool
plain_write(const char *text, size_t len)
{
	return fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0;
}

static void
start_pager(struct pager *p)
{
	const char *cmd = getenv("VTYSH_PAGER");

	fflush(stdout);
	/* Of a pager that somebody chose: what less needs to know for colours. */
	setenv("LESS", "FRX", 0);
	p->pipe = popen(cmd && cmd[0] ? cmd : DEFAULT_PAGER, "w");
	if (!p->pipe)
		p->page = 0;
}

bool
pager_write(struct pager *p, const char *text, size_t len)
{
	if (p->page == 0)
		return plain_write(text, len);
	if (!p->pipe) {
		for (size_t i = 0; i < len; i++)
			p->lines += text[i] == '\n';
		strbuf_putn(&p->kept, text, len);
		if (p->lines < p->page)
			return true;
		start_pager(p);
		text = p->kept.s;
		len = p->kept.len;
		if (!p->pipe)
			return plain_write(text, len);
	}
	return fwrite(text, 1, len, p->pipe) == len && fflush(p->pipe) == 0;
}

void
pager_end(struct pager *p)
{
	if (p->pipe)
		pclose(p->pipe);
	else if (p->kept.len)
		plain_write(p->kept.s, p->kept.len);
	strbuf_fini(&p->kept);
}
