/* SPDX-License-Identifier: ISC */
/* bgpd/tcp.h: what BGP asks of a TCP socket.
 *
 * What    Connecting sockets with source, TTL and MD5; the same options for accepted
 *         and listening ones.  bgp_tcp_connect() itself is declared in bgpd/bgp.h.
 * Errors  0 or negative errno.  An option that the kernel refuses is an error only
 *         where going on without it would be unsafe (MD5, minimum TTL).
 * Rules   RFC 2385 (MD5), RFC 5082 (GTSM), RFC 4271 appendix E (DSCP is RFC 4594's CS6).
 */
#ifndef EVPND_BGPD_TCP_H
#define EVPND_BGPD_TCP_H

#include "bgpd/bgp_conf.h"

/* TTL of what we send, and least TTL of what we take (0 = any), NODELAY and DSCP. */
int tcp_set_session(int fd, uint8_t ttl, uint8_t min_ttl);
/* A listening socket's: its SYN-ACK comes before we know whom it is for, and must satisfy a peer with
 * GTSM, too. */
void tcp_set_listening(int fd);
/* Least TTL that GTSM lets in from this peer, 0 without it (RFC 5082 3). */
static inline uint8_t
tcp_min_ttl(const struct peer_conf *pc)
{
	return pc->ttl_security ? (uint8_t)(256 - pc->ttl_security) : 0;
}
/* Whether the SYN of an accepted connection came with that TTL at least.  What the caller sent before it was
 * accepted met no minimum yet: only its SYN, which the listening socket keeps, tells from how far it
 * came.  False when there is none (cookies against a flood).  Asked once: the kernel frees it. */
bool tcp_syn_is_near(int fd, uint8_t min_ttl);
/* Key for a peer or a whole prefix on any socket, NULL removes it. */
int tcp_set_md5(int fd, struct prefix peer, const char *password);
/* Addresses of both ends; false for a socket that has none (the simulator's). */
bool tcp_names(
    int fd, struct ip *local, uint16_t *lport, struct ip *remote, uint16_t *rport);

#endif
