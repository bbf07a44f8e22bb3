/* SPDX-License-Identifier: ISC */
/* Fuzz target: the bodies of zl_proto's messages, the type in the first octet. */
#include "config.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "zebra-lite/zl_proto.h"
#include "zebra-lite/zl_proto_prov.h"

/* Decodes a record and encodes it again; false at the end or at a fault. */
#define RECORD(name)                                                                     \
	static bool name##_record(struct rbuf *r, struct wbuf *w)                        \
	{                                                                                \
		struct zl_##name m;                                                      \
                                                                                         \
		if (!zl_##name##_decode(r, &m))                                          \
			return false;                                                    \
		zl_##name##_encode(w, &m);                                               \
		return true;                                                             \
	}

RECORD(hello)
RECORD(config)
RECORD(listen)
RECORD(vni)
RECORD(mac)
RECORD(neigh)
RECORD(want_head)
RECORD(want)
RECORD(addr)
RECORD(result)
RECORD(failure)
RECORD(watch)
RECORD(nexthop)
RECORD(vrf)
RECORD(route)
RECORD(probe)
RECORD(finding)
RECORD(counter)
RECORD(prov_head)
RECORD(prov)
RECORD(step)

static bool
tables_record(struct rbuf *r, struct wbuf *w)
{
	uint32_t tables[ZL_TABLES_MAX];
	size_t n;

	if (!zl_tables_decode(r, tables, &n))
		return false;
	zl_tables_encode(w, tables, n);
	return true;
}

static const struct {
	bool (*head)(struct rbuf *r, struct wbuf *w);	/* once, NULL = none */
	bool (*record)(struct rbuf *r, struct wbuf *w); /* to the end, NULL = none */
} types[] = {
	[ZL_HELLO] = { hello_record, NULL },
	[ZL_CONFIG] = { config_record, NULL },
	[ZL_LISTEN_FD] = { listen_record, NULL },
	[ZL_VNI] = { NULL, vni_record },
	[ZL_MAC] = { NULL, mac_record },
	[ZL_NEIGH] = { NULL, neigh_record },
	[ZL_WANT] = { want_head_record, want_record },
	[ZL_LOST] = { NULL, want_record },
	[ZL_ADDR] = { NULL, addr_record },
	[ZL_RESULT] = { result_record, failure_record },
	[ZL_NEXTHOP_WATCH] = { NULL, watch_record },
	[ZL_TABLE_WATCH] = { tables_record, NULL },
	[ZL_NEXTHOP] = { NULL, nexthop_record },
	[ZL_VRF] = { NULL, vrf_record },
	[ZL_ROUTE] = { NULL, route_record },
	[ZL_PROBE] = { NULL, probe_record },
	[ZL_FINDING] = { NULL, finding_record },
	[ZL_PROV] = { prov_head_record, prov_record },
	[ZL_PLAN] = { prov_head_record, step_record },
	[ZL_COUNTERS] = { NULL, counter_record },
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t mem[2 * ZL_MSG_MAX];
	struct rbuf r = rb_init(data, size);
	struct wbuf w = wb_init(mem, sizeof mem);
	uint8_t type = rb_u8(&r);
	const uint8_t *body = r.pos;
	bool ok = true;

	oracle(zl_type_name(type)[0]);
	if (size == 0 || size > ZL_MSG_MAX || type >= ARRAY_LEN(types))
		return 0;
	if (types[type].head)
		ok = types[type].head(&r, &w);
	while (ok && types[type].record && rb_left(&r) > 0)
		ok = types[type].record(&r, &w);
	oracle(ok == !r.failed && !w.failed);
	/* Each value has one form only. */
	if (ok)
		oracle(memcmp(mem, body, wb_len(&w)) == 0);
	return 0;
}
