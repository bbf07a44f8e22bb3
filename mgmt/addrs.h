/* SPDX-License-Identifier: ISC */
/* mgmt/addrs.h: the machine's own addresses, as the data plane tells them.
 *
 * What    A small table: which interface has which address.  Answers `update-source
 *         INTERFACE` and chooses the automatic router identifier.
 * Owns    Its entries.
 */
#ifndef EVPND_MGMT_ADDRS_H
#define EVPND_MGMT_ADDRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct addr_entry {
	char ifname[16]; /* interface */
	struct ip ip;	 /* its address */
	bool loopback;	 /* on a loopback interface */
	bool seen;	 /* said since addrs_begin() */
};

struct addrs {
	struct addr_entry *a; /* owned */
	size_t n;	      /* of them */
};

void addrs_init(struct addrs *t);
void addrs_fini(struct addrs *t);
void addrs_set(struct addrs *t, const char *ifname, struct ip ip, bool loopback);
void addrs_del(struct addrs *t, const char *ifname, struct ip ip);
/* Between both, all is said again; addrs_end() forgets what was not. */
void addrs_begin(struct addrs *t);
void addrs_end(struct addrs *t);
/* Once, from getifaddrs(3), where no data plane tells. */
void addrs_read(struct addrs *t);
/* An address of the interface with so many bytes; none if it has none. */
struct ip addrs_of(const struct addrs *t, const char *ifname, uint8_t len);
/* The same, of the interface that has this address. */
struct ip addrs_beside(const struct addrs *t, struct ip local, uint8_t len);
/* RFC 4271 1: one of its own; the highest on a loopback interface, else the highest; 0 none. */
uint32_t addrs_router_id(const struct addrs *t);

#endif
