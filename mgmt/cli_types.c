/* SPDX-License-Identifier: ISC */
/* The table of word types; see the header. */
#include "config.h"

#include "mgmt/cli_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/util.h"

static bool
ipv4_ok(const char *w)
{
	struct ip ip;

	return ip_parse(w, &ip) && ip.len == 4;
}

static bool
ipv6_ok(const char *w)
{
	struct ip ip;

	return ip_parse(w, &ip) && ip.len == 16;
}

static bool
prefix_ok(const char *w, uint8_t len)
{
	struct prefix p;

	return strchr(w, '/') && prefix_parse(w, &p) && p.ip.len == len;
}

static bool
ipv4_prefix_ok(const char *w)
{
	return prefix_ok(w, 4);
}

static bool
ipv6_prefix_ok(const char *w)
{
	return prefix_ok(w, 16);
}

static bool
mac_ok(const char *w)
{
	struct mac m;

	return mac_parse(w, &m);
}

static bool
esi_ok(const char *w)
{
	struct esi e;

	return esi_parse(w, &e);
}

static bool
rd_ok(const char *w)
{
	struct rd rd;

	return rd_parse(w, &rd) && !strchr(w, 'x');
}

static bool
rt_ok(const char *w)
{
	struct ecom rt;
	unsigned long long v;

	if (strncmp(w, "*:", 2) == 0)
		return parse_u64(w + 2, 0, UINT32_MAX, &v);
	return rt_parse(w, &rt);
}

/* "65001" or "1.10" (RFC 5396 asdot). */
static bool
asnum_value(const char *w, unsigned long long *as)
{
	const char *dot = strchr(w, '.');
	unsigned long long lo;
	char hi[8];

	if (!dot)
		return parse_u64(w, 1, UINT32_MAX, as);
	if ((size_t)(dot - w) >= sizeof hi)
		return false;
	memcpy(hi, w, (size_t)(dot - w));
	hi[dot - w] = '\0';
	if (!parse_u64(hi, 0, UINT16_MAX, as) || !parse_u64(dot + 1, 0, UINT16_MAX, &lo))
		return false;
	*as = *as << 16 | lo;
	return *as != 0;
}

static bool
asnum_ok(const char *w)
{
	unsigned long long as;

	return asnum_value(w, &as);
}

static bool
word_ok(const char *w)
{
	return w[0] != '\0';
}

static bool
ifname_ok(const char *w)
{
	return w[0] != '\0' && strlen(w) <= 15 && !strchr(w, '/');
}

const struct cli_type_row cli_types[] = {
	[CLI_KEYWORD] = { NULL, "", FIT_KEYWORD, false, word_ok },
	[CLI_IPV4] = { "A.B.C.D", "IPv4 address", FIT_TYPED, false, ipv4_ok },
	[CLI_IPV4_PREFIX] = { "A.B.C.D/M", "IPv4 prefix", FIT_TYPED, false,
	    ipv4_prefix_ok },
	[CLI_IPV6] = { "X:X::X:X", "IPv6 address", FIT_TYPED, false, ipv6_ok },
	[CLI_IPV6_PREFIX] = { "X:X::X:X/M", "IPv6 prefix", FIT_TYPED, false,
	    ipv6_prefix_ok },
	[CLI_MAC] = { "X:X:X:X:X:X", "MAC address", FIT_TYPED, false, mac_ok },
	[CLI_ESI] = { "ESI", "Ethernet segment, ten octets with colons", FIT_TYPED, false,
	    esi_ok },
	[CLI_RD] = { "RD", "Route distinguisher, AS:NUMBER or A.B.C.D:NUMBER", FIT_TYPED,
	    false, rd_ok },
	[CLI_RT] = { "RT", "Route target, AS:NUMBER or A.B.C.D:NUMBER or *:NUMBER",
	    FIT_TYPED, false, rt_ok },
	[CLI_ASNUM] = { "ASNUM", "AS number", FIT_TYPED, false, asnum_ok },
	[CLI_RANGE] = { NULL, "A number in this range", FIT_TYPED, false, word_ok },
	[CLI_WORD] = { "WORD", "A name", FIT_WORD, false, word_ok },
	[CLI_IFNAME] = { "IFNAME", "Name of an interface", FIT_WORD, false, ifname_ok },
	[CLI_LINE] = { "LINE...", "Text up to the end of the line", FIT_LINE, false,
	    word_ok },
	[CLI_RTLIST] = { "RTLIST...",
	    "Route targets, AS:NUMBER or A.B.C.D:NUMBER or *:NUMBER", FIT_TYPED, true,
	    rt_ok },
	[CLI_WORDLIST] = { "WORDLIST...", "One or more words", FIT_WORDS, true, word_ok },
};

bool
cli_type_find(const char *text, size_t len, enum cli_type *out)
{
	for (size_t i = 0; i < ARRAY_LEN(cli_types); i++) {
		const char *t = cli_types[i].text;

		if (t && strlen(t) == len && memcmp(t, text, len) == 0) {
			*out = (enum cli_type)i;
			return true;
		}
	}
	return false;
}

char *
cli_type_canonical(enum cli_type t, const char *value)
{
	unsigned long long as;

	if (t == CLI_ASNUM && asnum_value(value, &as))
		return xasprintf("%llu", as);
	return xstrdup(value);
}

const char *
cli_value_help(const char *word)
{
	enum cli_type t;

	return cli_type_find(word, strlen(word), &t) ? cli_types[t].help
						     : cli_types[CLI_RANGE].help;
}
