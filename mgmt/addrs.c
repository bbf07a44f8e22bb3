/* SPDX-License-Identifier: ISC */
/* The machine's own addresses. */
#include "config.h"

#include "mgmt/addrs.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

void
addrs_init(struct addrs *t)
{
	*t = (struct addrs){ NULL, 0 };
}

void
addrs_fini(struct addrs *t)
{
	free(t->a);
	addrs_init(t);
}

static struct addr_entry *
find(const struct addrs *t, const char *ifname, struct ip ip)
{
	for (size_t i = 0; i < t->n; i++)
		if (ip_equal(t->a[i].ip, ip) && strcmp(t->a[i].ifname, ifname) == 0)
			return &t->a[i];
	return NULL;
}

void
addrs_set(struct addrs *t, const char *ifname, struct ip ip, bool loopback)
{
	struct addr_entry *a = find(t, ifname, ip);

	if (!a) {
		t->a = xrealloc(t->a, (t->n + 1) * sizeof *t->a);
		a = &t->a[t->n++];
		snprintf(a->ifname, sizeof a->ifname, "%s", ifname);
		a->ip = ip;
	}
	a->loopback = loopback;
	a->seen = true;
}

void
addrs_del(struct addrs *t, const char *ifname, struct ip ip)
{
	struct addr_entry *a = find(t, ifname, ip);

	if (a)
		*a = t->a[--t->n];
}

void
addrs_begin(struct addrs *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->a[i].seen = false;
}

void
addrs_end(struct addrs *t)
{
	for (size_t i = t->n; i-- > 0;)
		if (!t->a[i].seen)
			t->a[i] = t->a[--t->n];
}

void
addrs_read(struct addrs *t)
{
	struct ifaddrs *list, *i;

	if (getifaddrs(&list) != 0)
		return;
	for (i = list; i; i = i->ifa_next) {
		struct sockaddr_storage ss = { 0 };
		int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;

		if (family != AF_INET && family != AF_INET6)
			continue;
		memcpy(&ss, i->ifa_addr,
		    family == AF_INET ? sizeof(struct sockaddr_in)
				      : sizeof(struct sockaddr_in6));
		addrs_set(t, i->ifa_name, ip_from_sockaddr(&ss, NULL),
		    i->ifa_flags & IFF_LOOPBACK);
	}
	freeifaddrs(list);
}

/* An address that others can use: neither 127.0.0.1 nor link-local. */
static bool
is_usable(struct ip ip)
{
	return !ip_is_zero(ip) && !ip_is_loopback(ip) && !ip_is_linklocal(ip);
}

struct ip
addrs_of(const struct addrs *t, const char *ifname, uint8_t len)
{
	struct ip best = { .len = 0 };

	for (size_t i = 0; i < t->n; i++) {
		const struct addr_entry *a = &t->a[i];

		if (a->ip.len == len && strcmp(a->ifname, ifname) == 0 &&
		    is_usable(a->ip) && (best.len == 0 || ip_cmp(a->ip, best) < 0))
			best = a->ip;
	}
	return best;
}

struct ip
addrs_beside(const struct addrs *t, struct ip local, uint8_t len)
{
	for (size_t i = 0; i < t->n; i++)
		if (ip_equal(t->a[i].ip, local))
			return addrs_of(t, t->a[i].ifname, len);
	return (struct ip){ .len = 0 };
}

uint32_t
addrs_router_id(const struct addrs *t)
{
	uint32_t best = 0, best_loopback = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t id = is_usable(t->a[i].ip) ? ip_v4_host(t->a[i].ip) : 0;

		best = MAX(best, id);
		if (t->a[i].loopback)
			best_loopback = MAX(best_loopback, id);
	}
	return best_loopback ? best_loopback : best;
}
