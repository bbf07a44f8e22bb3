/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto.h: the data-plane contract between engine and zebra-lite.
 *
 * What    Messages over a lib/chan.h channel.  Engine to data plane: wanted
 *         state.  Data plane to engine: observed state and the results of writes.
 *         The kernel (evpnd) is one provider, the simulator's fake another.
 * Model   State, not events: each record carries the whole current value of one
 *         object, named by its key; a later record replaces an earlier one.
 *         Objects live in a VNI: the provider knows which device, bridge, VLAN
 *         and SVI that is, the engine does not.  Routes live in a table of the kernel,
 *         that of a VRF.
 * Wanted  ZL_WANT frames hold a head with a sequence number and up to ZL_WANT_MAX records.
 *         Each frame is answered by one ZL_RESULT with that number, in order,
 *         which lists only the records that failed.  A SET for a VNI that is not
 *         up fails with ENODEV, and so does a NEIGH for a VNI without SVI: time
 *         does not mend that, the engine sends them again when ZL_VNI says up or
 *         another svi_ifindex.  Other failures may be tried again later.
 *         A DEL of what is not there is a success.  The provider never deletes or
 *         replaces an entry that is not ours, unless the bridge learnt it from
 *         traffic: such a SET fails with EEXIST.  A SET that takes over a learnt
 *         local entry is followed by ZL_MAC (ZL_NEIGH) with ZL_DEL for that one.
 * Heard   Both sides count the ZL_MAC and ZL_NEIGH frames of a channel, and the head of a ZL_WANT
 *         says how many of them the engine had heard when it made it.  A SET that would
 *         take over a learnt local entry of which a later frame tells, or that is yet to be told of, was
 *         decided in ignorance of it, and a host that says nothing more would be lost: it
 *         fails with ESTALE and changes nothing.  That is no error: the engine, which has heard of the
 *         host by then or soon will, decides anew and sends what it wants now.
 *         A NEIGH with ZL_F_MOVED is told to the hosts at local ports (gratuitous ARP, unsolicited
 *         advertisement) where neigh_suppress keeps the host's own from them.
 * L3      A HOP is a way to a remote VTEP in the VNI of a VRF (L3VNI): the neighbour
 *         gateway -> router MAC on its SVI, and the next hop over it; the router MAC's
 *         entry in the forwarding databases is a MAC of the L3VNI.  With ZL_F_ENCAP
 *         it is a tunnel of its own (downstream VNI, RFC 8365 5.1.3): packets leave by the
 *         L3VNI's `external` device for `vtep` with VNI `label`; the router MAC is its neighbour, under
 *         an address that the provider chooses: one VTEP may have several.
 *         Without a router MAC it is a host in the network of `vni`, over whose SVI it is reached;
 *         its neighbour is the kernel's own, or a NEIGH.
 *         With ZL_F_DIRECT it is a gateway of the underlay, looked up in the main table as the
 *         record comes, without a neighbour of ours: EHOSTUNREACH if only a default route or
 *         a route of ours leads there.
 *         A GROUP is several HOPs with equal cost.  A ROUTE leads to one of either;
 *         they share one space of ids, chosen by the engine, never 0.  Ids are said before they are
 *         used; what is used is removed last.  Unknown ids fail with ENOENT, L3VNIs that are
 *         not up or have no SVI with ENODEV, tables that are
 *         neither the main one nor a VRF's too.
 *         A DEL of a HOP stops its traffic at once: the groups go on without it, and
 *         routes that have nothing else are gone (nothing is said of them: the
 *         engine knows).  The provider keeps the map from ids to what the kernel has; after
 *         a restart of either side what the kernel has already is found by its content, so that
 *         no packet is lost.
 * Sync    After each ZL_OBSERVED_BEGIN the engine sends all that it wants (from then
 *         on, not only what it sends first), then ZL_SYNC_END with the epoch of that
 *         BEGIN; the provider then removes entries that carry our mark, that it found
 *         when it dumped, and that were not wanted again.  A ZL_SYNC_END with another
 *         epoch than the last BEGIN's is ignored: it crossed with that BEGIN.
 * Observed ZL_OBSERVED_BEGIN, then the whole observed state (ZL_VNI, ZL_MAC,
 *         ZL_NEIGH, ZL_ADDR, ZL_VRF, ZL_ROUTE), then ZL_OBSERVED_END; the engine forgets
 *         VNIs, VRFs, local objects, routes and addresses that were not said again in between.  After that,
 *         changes as they come.
 *         A VNI that is not up has no local objects: the engine forgets them when
 *         ZL_VNI says so, and they are said again after the next ZL_VNI with up.
 *         A VNI whose device, bridge, VLAN or SVI changes goes down in between;
 *         one that gets its first SVI does not.
 *         ZL_LOST: an entry of ours vanished or was changed by somebody else
 *         (drift): the engine sends it again if it still wants it.  What led over a HOP or
 *         GROUP is lost with it, and nothing is said of that; and it is said again when its device
 *         comes back.
 * Next hops  ZL_NEXTHOP_WATCH names addresses of which the engine wants to know, from now
 *         on, whether and how this machine reaches them; ZL_NEXTHOP answers at once and
 *         whenever that changes.  At most ZL_NEXTHOPS_MAX are watched; those beyond, and
 *         all without a kernel, get no answer.
 * Tables  ZL_TABLE_WATCH says, whole each time, of which tables others' routes are to be said beside
 *         those of VRFs; those of one that is new in it are said from their beginning.  A new channel
 *         has none.
 * Probes  ZL_PROBE asks whether hosts are still there (ARP request, neighbour
 *         solicitation to the MAC named): the answer is a ZL_NEIGH, SET without STALE if it
 *         is, DEL if not.  One for a VNI without SVI is dropped.
 * Devices  ZL_PROV says, whole each time, what devices the provider is to make and keep (VRFs,
 *         bridge, VXLAN devices, gateways, ports), or asks what that would take; ZL_PLAN answers.
 * Findings  ZL_FINDING says what of the machine's settings keeps EVPN from working (`show evpn
 *         doctor`); part of the observed state like the rest.
 * Process  The engine is a child of evpnd under the same user id: SIGHUP asks it for
 *         a new configuration, SIGTERM to end; it ends too when the channel closes.
 *         When it dies, evpnd leaves the kernel as it is and starts another one.
 * Numbers Host values here; big-endian on the wire (zl_proto.c).  Interface
 *         names are at most 15 bytes.
 */
#ifndef EVPND_ZEBRA_LITE_ZL_PROTO_H
#define EVPND_ZEBRA_LITE_ZL_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/wire.h"

#define ZL_VERSION 8
#define ZL_WANT_MAX 256	      /* records in one ZL_WANT frame */
#define ZL_OBS_MAX 256	      /* records in one observed frame */
#define ZL_NEXTHOPS_MAX 16384 /* addresses watched */
#define ZL_TABLES_MAX 4096    /* tables watched */
#define ZL_GROUP_MAX 32	      /* HOPs of one GROUP: 256 such records fit a frame */
#define ZL_MSG_MAX 65536      /* bytes of a body */
#define ZL_IFNAME 16
#define ZL_TEXT 80	  /* reasons and kernel texts, with their NUL */
#define ZL_STATUS_MAX 200 /* bytes of a ZL_STATUS body */

enum zl_type {
	/* both ways, first message */
	ZL_HELLO = 1, /* struct zl_hello */
	/* engine -> data plane */
	ZL_CONFIG = 10,	  /* struct zl_config */
	ZL_WANT = 11,	  /* struct zl_want_head, array of struct zl_want */
	ZL_SYNC_END = 12, /* u32 epoch: all that is wanted has been said */
	ZL_RESYNC = 13,	  /* empty: dump and say everything again */
	ZL_READY = 14,	  /* empty: configuration loaded, work has begun (sd_notify) */
	ZL_STATUS = 15, /* text of at most ZL_STATUS_MAX bytes for the service manager */
	ZL_NEXTHOP_WATCH = 16, /* array of struct zl_watch, ZL_OBS_MAX at most */
	ZL_PROV = 18,	       /* what devices to make: see zl_proto_prov.h */
	ZL_PROBE = 17,	       /* array of struct zl_probe, ZL_OBS_MAX at most */
	ZL_TABLE_WATCH = 19,   /* array of u32, ascending, ZL_TABLES_MAX at most */
	/* data plane -> engine */
	ZL_LISTEN_FD = 20, /* struct zl_listen; the bound, listening socket rides along */
	ZL_OBSERVED_BEGIN = 21, /* u32 epoch, another number each time */
	ZL_OBSERVED_END = 22,	/* empty */
	ZL_VNI = 23,		/* array of struct zl_vni */
	ZL_MAC = 24,		/* array of struct zl_mac */
	ZL_NEIGH = 25,		/* array of struct zl_neigh */
	ZL_RESULT = 26,		/* struct zl_result head, array of struct zl_failure */
	ZL_LOST = 27,		/* array of struct zl_want (as it was; op ignored) */
	ZL_ADDR = 28,		/* array of struct zl_addr: the machine's own addresses */
	ZL_NEXTHOP = 29,	/* array of struct zl_nexthop */
	ZL_VRF = 30,		/* array of struct zl_vrf */
	ZL_ROUTE = 31,		/* array of struct zl_route: others' routes */
	ZL_FINDING = 32,	/* array of struct zl_finding */
	ZL_PLAN = 33,		/* what that takes: see zl_proto_prov.h */
	ZL_COUNTERS = 34,	/* array of struct zl_counter, ZL_OBS_MAX at most */
};

struct zl_hello {
	uint32_t version; /* ZL_VERSION */
	uint32_t pid;	  /* of the sender */
};

struct zl_config {
	bool kernel;	      /* false: do not touch the kernel (--no-kernel) */
	bool use_nexthop_ids; /* FDB entries through nexthop groups where possible */
};

struct zl_listen {
	struct ip addr; /* that it is bound to; all zero = any of its family */
	uint16_t port;	/* TCP */
};

enum zl_op { ZL_DEL = 0, ZL_SET = 1 };

enum zl_kind {
	ZL_KIND_FLOOD = 1, /* key (vni, vtep): all-zero FDB entry, ingress replication */
	ZL_KIND_MAC = 2,   /* key (vni, mac): bridge and VXLAN FDB, towards vtep */
	ZL_KIND_NEIGH = 3, /* key (vni, ip): neighbour on the SVI, ip -> mac */
	ZL_KIND_HOP =
	    4, /* key id: next hop `ip`, over the SVI of `vni`; `mac`: of the router */
	ZL_KIND_GROUP = 5, /* key id: the HOPs members[] */
	ZL_KIND_ROUTE =
	    6, /* key (table, ip/plen): to the HOP or GROUP `id`, or unreachable */
};
#define ZL_KINDS 7 /* for tables by kind */

enum {
	ZL_F_STICKY = 1,  /* MAC: NTF_STICKY, may not move (RFC 7432 15.2) */
	ZL_F_ROUTER = 2,  /* NEIGH: R flag (RFC 9047) */
	ZL_F_GATEWAY = 4, /* MAC: a default gateway's */
	/* HOP: tunnel to (vtep, label) of its own */
	ZL_F_ENCAP = 8,
	/* ROUTE: no way (RTN_UNREACHABLE), with the highest metric, as a last resort */
	ZL_F_UNREACHABLE = 16,
	/* ROUTE: leaked: `id` is the interface index of another VRF, which looks further */
	ZL_F_VRF = 32,
	/* HOP: a plain gateway, over the link that the main table has for it */
	ZL_F_DIRECT = 64,
	/* NEIGH: it had another MAC before, of which hosts here may know */
	ZL_F_MOVED = 128,
};

struct zl_want {
	uint8_t op;    /* enum zl_op */
	uint8_t kind;  /* enum zl_kind */
	uint8_t flags; /* ZL_F_* */
	uint32_t
	    vni; /* 24 bits; HOP: the L3VNI or the host's, 0 with DIRECT; GROUP, ROUTE: 0 */
	struct mac mac; /* MAC, NEIGH; HOP: router MAC, zero for a host; else zero */
	struct ip
	    ip; /* NEIGH: the host; HOP: gateway, for an IPv6 prefix over an IPv4 VTEP
			 * the mapped one (::ffff:A.B.C.D); ROUTE: prefix, host bits zero */
	struct ip vtep; /* FLOOD, MAC, HOP with ENCAP: remote VTEP; else none */
	/* From here on for HOP, GROUP and ROUTE alone; else zero. */
	uint32_t id;	  /* HOP, GROUP: key; ROUTE: where to, 0 with UNREACHABLE */
	uint32_t label;	  /* HOP with ENCAP: the VNI to send with */
	uint32_t table;	  /* ROUTE: the kernel's table */
	uint8_t plen;	  /* ROUTE: bits */
	uint8_t nmembers; /* GROUP: 1 to ZL_GROUP_MAX */
	uint32_t members[ZL_GROUP_MAX]; /* GROUP: ids of HOPs, ascending; the rest 0 */
};

struct zl_want_head {
	uint32_t seq;	/* of this frame */
	uint32_t heard; /* ZL_MAC and ZL_NEIGH frames of this channel, so far */
};

struct zl_failure {
	uint16_t index;	    /* of the record in its frame */
	int32_t error;	    /* errno, positive */
	char text[ZL_TEXT]; /* the kernel's extended ack, "" if none */
};

struct zl_result {
	uint32_t seq;	    /* of the ZL_WANT frame */
	uint16_t nfailures; /* records that follow */
};

enum {
	ZL_VNI_UP = 1,	       /* the device exists, is up and in a bridge */
	ZL_VNI_VLAN_AWARE = 2, /* its bridge filters VLANs */
	ZL_VNI_SVD = 4,	       /* one `external` VXLAN device for many VNIs */
	ZL_VNI_LEARNING =
	    8, /* the VXLAN device, or the bridge from its port, learns from traffic */
	ZL_VNI_NO_SUPPRESS = 16, /* neigh_suppress is off on the VXLAN port */
	ZL_VNI_GONE = 32,	 /* no device for it any more: forget it */
};

struct zl_vni {
	uint32_t vni;	 /* key, 24 bits */
	uint32_t flags;	 /* ZL_VNI_* */
	struct ip local; /* VTEP address of the device; none if unset */
	struct ip group; /* multicast group, none for ingress replication */
	uint32_t vxlan_ifindex;
	char vxlan[ZL_IFNAME];	 /* device name */
	uint32_t bridge_ifindex; /* 0: not in a bridge */
	char bridge[ZL_IFNAME];	 /* its name */
	uint16_t vid;		 /* VLAN on a VLAN-aware bridge, else 0 */
	uint32_t svi_ifindex;	 /* 0: no SVI */
	char svi[ZL_IFNAME];	 /* its name */
	struct mac svi_mac;	 /* its Ethernet address */
	char vrf[ZL_IFNAME];	 /* VRF device of the SVI, "" = default */
	uint16_t dstport;	 /* UDP */
	char why_down[ZL_TEXT];	 /* when not up: what is missing; else "" */
};

enum {
	ZL_MAC_STATIC = 1, /* NUD_NOARP: an operator's entry */
	ZL_MAC_STICKY = 2, /* NTF_STICKY */
	ZL_MAC_SVI = 4,	   /* the SVI's own MAC */
	/* with SVI: of a macvlan above it, an anycast gateway's */
	ZL_MAC_GATEWAY = 8,
};

struct zl_mac {
	uint8_t op;		/* ZL_SET learnt or changed, ZL_DEL gone */
	uint8_t flags;		/* ZL_MAC_* */
	uint32_t vni;		/* of the bridge and VLAN that it was seen in */
	struct mac mac;		/* key within the VNI */
	uint32_t ifindex;	/* bridge port, or the SVI; 0 when gone */
	char ifname[ZL_IFNAME]; /* its name; "" when gone */
	uint16_t vid;		/* 0 on a plain bridge */
};

enum {
	ZL_NEIGH_ROUTER = 1,   /* NTF_ROUTER */
	ZL_NEIGH_SVI = 2,      /* an address of the SVI itself */
	ZL_NEIGH_STATIC = 4,   /* NUD_PERMANENT, an operator's entry */
	ZL_NEIGH_STALE = 8,    /* not confirmed lately (NUD_STALE, DELAY, PROBE) */
	ZL_NEIGH_GATEWAY = 16, /* with SVI: of a macvlan above it, an anycast gateway's */
};

struct zl_neigh {
	uint8_t op;	/* ZL_SET valid or changed, ZL_DEL gone */
	uint8_t flags;	/* ZL_NEIGH_* */
	uint32_t vni;	/* of the SVI that it was seen on */
	struct ip ip;	/* the host's address, key within the VNI */
	struct mac mac; /* where it is; zero when gone */
};

struct zl_addr {
	uint8_t op;		/* ZL_SET there, ZL_DEL gone */
	uint32_t ifindex;	/* its interface */
	char ifname[ZL_IFNAME]; /* the interface's name */
	struct prefix addr;	/* address with its prefix length; host bits kept */
	bool loopback;		/* on a loopback interface */
};

/* A VRF device (RFC 4364's VRF; Linux: a device with a table of its own). */
struct zl_vrf {
	uint8_t op;	      /* ZL_SET there or changed, ZL_DEL gone */
	char name[ZL_IFNAME]; /* key */
	uint32_t ifindex;     /* of the device; 0 when gone */
	uint32_t table;	      /* its table; 0 when gone */
	bool up;	      /* the device is up */
};

enum {
	ZL_ROUTE_CONNECTED = 1, /* the kernel's own, of an address on an interface */
	ZL_ROUTE_BLACKHOLE = 2, /* blackhole, unreachable or prohibit */
};

/* The best (lowest metric) unicast route of somebody else for a prefix in a VRF's table, in one that
 * is watched, or in the main one: there only those of the kernel, of people and of DHCP and router advertisements, as other
 * routing daemons may have a full table. */
struct zl_route {
	uint8_t op;		/* ZL_SET there or changed, ZL_DEL gone */
	uint8_t flags;		/* ZL_ROUTE_* */
	uint32_t table;		/* key, with the prefix */
	struct prefix prefix;	/* host bits zero */
	uint8_t proto;		/* RTPROT_* of its maker */
	uint32_t metric;	/* RTA_PRIORITY */
	struct ip gateway;	/* of its first next hop, none if it has none */
	char ifname[ZL_IFNAME]; /* of its first next hop, "" if none */
};

/* What is wrong; mgmt/show_doctor.c has the advice for each. */
enum zl_finding_code {
	ZL_FIND_VNI_DOWN = 1, /* a VNI is not up; text says why */
	ZL_FIND_LEARNING,     /* the VXLAN port learns from traffic */
	ZL_FIND_SUPPRESS,     /* neigh_suppress is off on the VXLAN port */
	ZL_FIND_NO_LOCAL,     /* the VXLAN device has no local address */
	ZL_FIND_VTEP_ABSENT,  /* its local address is on no interface that is up */
	ZL_FIND_FORWARDING,   /* packets are not forwarded from the SVI */
	ZL_FIND_RP_FILTER,    /* strict reverse path filter on the SVI */
	ZL_FIND_ARP_ACCEPT,   /* gratuitous ARP makes no neighbour on the SVI */
	ZL_FIND_DAD,	      /* duplicate address detection on an anycast gateway */
	ZL_FIND_MTU_PORT,     /* the VXLAN device's MTU is below the tenant's */
	ZL_FIND_MTU_UNDERLAY, /* tenant's MTU and VXLAN's overhead exceed the underlay's */
	ZL_FIND_ROUTER_MAC,   /* the MAC of an SVI in a VRF was not set by anybody */
	ZL_FIND_GC_THRESH,    /* the neighbour table is nearly full */
	ZL_FIND_PORT_TAKEN,   /* another program has the VXLAN device's UDP port */
	ZL_FIND_UNTRACKED_NA, /* unsolicited advertisements make no neighbour on the SVI */
	ZL_FIND_NO_LINKLOCAL, /* an IPv6 gateway without link-local address */
	ZL_FIND_END,
};

struct zl_finding {
	uint8_t op;		 /* ZL_SET there, ZL_DEL mended */
	uint8_t code;		 /* enum zl_finding_code; key, with the next two */
	char subject[ZL_IFNAME]; /* device, "" for the whole machine */
	uint32_t vni;		 /* concerned, 0 none */
	char text[ZL_TEXT];	 /* what was seen: "net.ipv4.ip_forward = 0" */
};

/* A named counter of the data plane's process; it is told again when it has changed. */
#define ZL_COUNTER_NAME 48
struct zl_counter {
	char name[ZL_COUNTER_NAME]; /* key */
	uint64_t n;		    /* the count */
};

struct zl_probe {
	uint32_t vni;	/* whose SVI */
	struct ip ip;	/* host */
	struct mac mac; /* where it was */
};

struct zl_watch {
	uint8_t op;   /* ZL_SET watch, ZL_DEL no longer */
	struct ip ip; /* key */
};

struct zl_nexthop {
	struct ip ip;	/* key */
	bool reachable; /* a route leads there, over a link that is up */
	/* That is a default route, or one of ours: reason enough to send packets there, but not
	 * to build routes on. */
	bool loose;
	uint32_t metric; /* of that route; 0 if not reachable */
};

/* Encoders append one record (or head); decoders read one.  Both leave the sticky
 * error in the buffer; decoders also fail it on values out of range. */
void zl_hello_encode(struct wbuf *w, const struct zl_hello *m);
bool zl_hello_decode(struct rbuf *r, struct zl_hello *m);
void zl_config_encode(struct wbuf *w, const struct zl_config *m);
bool zl_config_decode(struct rbuf *r, struct zl_config *m);
void zl_want_head_encode(struct wbuf *w, const struct zl_want_head *m);
bool zl_want_head_decode(struct rbuf *r, struct zl_want_head *m);
void zl_want_encode(struct wbuf *w, const struct zl_want *m);
bool zl_want_decode(struct rbuf *r, struct zl_want *m);
void zl_vni_encode(struct wbuf *w, const struct zl_vni *m);
bool zl_vni_decode(struct rbuf *r, struct zl_vni *m);
void zl_mac_encode(struct wbuf *w, const struct zl_mac *m);
bool zl_mac_decode(struct rbuf *r, struct zl_mac *m);
void zl_neigh_encode(struct wbuf *w, const struct zl_neigh *m);
bool zl_neigh_decode(struct rbuf *r, struct zl_neigh *m);
void zl_addr_encode(struct wbuf *w, const struct zl_addr *m);
bool zl_addr_decode(struct rbuf *r, struct zl_addr *m);
void zl_watch_encode(struct wbuf *w, const struct zl_watch *m);
bool zl_watch_decode(struct rbuf *r, struct zl_watch *m);
/* A whole ZL_TABLE_WATCH body.  The decoder has room for ZL_TABLES_MAX. */
void zl_tables_encode(struct wbuf *w, const uint32_t *tables, size_t n);
bool zl_tables_decode(struct rbuf *r, uint32_t *tables, size_t *n);
void zl_nexthop_encode(struct wbuf *w, const struct zl_nexthop *m);
bool zl_nexthop_decode(struct rbuf *r, struct zl_nexthop *m);
void zl_vrf_encode(struct wbuf *w, const struct zl_vrf *m);
bool zl_vrf_decode(struct rbuf *r, struct zl_vrf *m);
void zl_route_encode(struct wbuf *w, const struct zl_route *m);
bool zl_route_decode(struct rbuf *r, struct zl_route *m);
void zl_finding_encode(struct wbuf *w, const struct zl_finding *m);
bool zl_finding_decode(struct rbuf *r, struct zl_finding *m);
void zl_counter_encode(struct wbuf *w, const struct zl_counter *m);
bool zl_counter_decode(struct rbuf *r, struct zl_counter *m);
void zl_probe_encode(struct wbuf *w, const struct zl_probe *m);
bool zl_probe_decode(struct rbuf *r, struct zl_probe *m);
void zl_result_encode(struct wbuf *w, const struct zl_result *m);
bool zl_result_decode(struct rbuf *r, struct zl_result *m);
void zl_failure_encode(struct wbuf *w, const struct zl_failure *m);
bool zl_failure_decode(struct rbuf *r, struct zl_failure *m);
void zl_listen_encode(struct wbuf *w, const struct zl_listen *m);
bool zl_listen_decode(struct rbuf *r, struct zl_listen *m);

const char *zl_type_name(uint16_t type);

#endif
