/* SPDX-License-Identifier: ISC */
/* What may go to an XML parser and what may not. */
#include "config.h"

#include <string.h>

#include "lib/util.h"
#include "lib/xmlscan.h"
#include "tests/unit/run.h"

static const struct {
	const char *text;
	enum xmlscan want;
} texts[] = {
	{ "", XMLSCAN_OK },
	{ "text", XMLSCAN_OK },
	{ "<a/>", XMLSCAN_OK },
	{ "<a><b><c/></b></a>", XMLSCAN_OK },
	{ "<a><b><c><d/></c></b></a>", XMLSCAN_OK },
	{ "<a><b><c><d></d></c></b></a>", XMLSCAN_DEEP },
	{ "<a/><a/><a/><a/><a/>", XMLSCAN_OK },
	{ "<a b='>' c=\"/>\"><d e='/'></d></a>", XMLSCAN_OK },
	{ "<a/><a/><a/><a/><a/><a/>", XMLSCAN_OK },
	{ "<a/><a/><a/><a/><a/><a/><a/>", XMLSCAN_MANY },
	{ "<a b='' c='' d='' e='' f='='></a>", XMLSCAN_OK },
	{ "<a b='' c='' d='' e='' f='' g=\"\"/>", XMLSCAN_MANY },
	{ "<?xml version='1.0'?><a/>", XMLSCAN_OK },
	{ "<!-- <a><a><a><a> --><a/>", XMLSCAN_OK },
	{ "<a><![CDATA[<a><a><a>]]></a>", XMLSCAN_OK },
	{ "<!DOCTYPE a []><a/>", XMLSCAN_DTD },
	{ "<a><!ENTITY b 'c'></a>", XMLSCAN_DTD },
	{ "<a>", XMLSCAN_TORN },
	{ "</a>", XMLSCAN_TORN },
	{ "<a></a></a>", XMLSCAN_TORN },
	{ "<a", XMLSCAN_TORN },
	{ "<", XMLSCAN_TORN },
	{ "<a b='", XMLSCAN_TORN },
	{ "<!-- ", XMLSCAN_TORN },
	{ "<![CDATA[ ]]", XMLSCAN_TORN },
	{ "<?xml", XMLSCAN_TORN },
};

START_TEST(one)
{
	const char *s = texts[_i].text;
	enum xmlscan v = xmlscan(s, strlen(s), 3, 6);

	ck_assert_msg(v == texts[_i].want, "%s %s", s, xmlscan_text(v));
}
END_TEST

/* Every beginning of every text ends without a read beyond it. */
START_TEST(cut)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		for (size_t n = 0; n <= strlen(texts[i].text); n++) {
			char *copy = n ? xmemdup(texts[i].text, n) : NULL;

			xmlscan(copy ? copy : "", n, 3, 6);
			free(copy);
		}
	}
	ck_assert_int_eq(xmlscan("a\0b", 3, 3, 6), XMLSCAN_NUL);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ one, ARRAY_LEN(texts), 0 },
		{ cut, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("xmlscan", tests);
}
