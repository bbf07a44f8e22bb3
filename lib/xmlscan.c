/* SPDX-License-Identifier: ISC */
/* How deep an XML text nests, how much there is in it, and whether it declares anything. */
#include "config.h"

#include "lib/xmlscan.h"

#include <string.h>

/* Behind the next `what`, NULL if there is none. */
static const char *
behind(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);

	p = memmem(p, (size_t)(end - p), what, n);
	return p ? p + n : NULL;
}

/* At `<`: does the text go on like this? */
static int
begins(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(end - p) >= n && memcmp(p, what, n) == 0;
}

/* Behind the `>` of a tag: one in quotes does not count.  *empty: the tag is <a/>.  Each attribute adds
 * to *items. */
static const char *
tag_end(const char *p, const char *end, int *empty, size_t *items)
{
	char quote = '\0', last = '\0';

	for (; p < end; p++) {
		if (quote) {
			if (*p == quote)
				quote = '\0';
		} else if (*p == '"' || *p == '\'') {
			quote = *p;
			++*items;
		} else if (*p == '>') {
			*empty = last == '/';
			return p + 1;
		}
		last = *p;
	}
	return NULL;
}

enum xmlscan
xmlscan(const char *text, size_t len, unsigned max_depth, size_t max_items)
{
	const char *p = text, *end = text + len;
	unsigned depth = 0;
	size_t items = 0;
	int empty;

	if (len && memchr(text, '\0', len))
		return XMLSCAN_NUL;
	while (p && (p = memchr(p, '<', (size_t)(end - p)))) {
		if (begins(p, end, "<!--")) {
			p = behind(p + 4, end, "-->");
		} else if (begins(p, end, "<![CDATA[")) {
			p = behind(p + 9, end, "]]>");
		} else if (begins(p, end, "<!")) {
			return XMLSCAN_DTD;
		} else if (begins(p, end, "<?")) {
			p = behind(p + 2, end, "?>");
		} else if (begins(p, end, "</")) {
			if (depth-- == 0)
				return XMLSCAN_TORN;
			p = tag_end(p + 2, end, &empty, &items);
		} else {
			p = tag_end(p + 1, end, &empty, &items);
			if (++items > max_items)
				return XMLSCAN_MANY;
			if (p && !empty && ++depth > max_depth)
				return XMLSCAN_DEEP;
		}
		if (!p)
			return XMLSCAN_TORN;
		if (p == end)
			break;
	}
	return depth == 0 ? XMLSCAN_OK : XMLSCAN_TORN;
}

const char *
xmlscan_text(enum xmlscan v)
{
	static const char *const texts[] = {
		[XMLSCAN_OK] = "is fit to be read",
		[XMLSCAN_DEEP] = "is nested too deep",
		[XMLSCAN_MANY] = "has too many elements",
		[XMLSCAN_DTD] = "has a document type, which is not allowed",
		[XMLSCAN_NUL] = "has a NUL byte",
		[XMLSCAN_TORN] = "is not whole XML",
	};

	return texts[v];
}
