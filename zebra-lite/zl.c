/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl.c: the kernel's data plane, and what an engine asks of it. */
#include "config.h"

#include "zebra-lite/zl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("zl");

/* 832 bytes of it are charged for an event: room for 160,000. */
#define RCVBUF_DEFAULT (128 << 20)
#define HIGH_WATER (256 * 1024) /* about 6000 MACs on their way */

/* Hooks of the parts. */

static void
on_wake(void *arg)
{
	zl_say_wake(arg);
}

static void
on_drain_tables(void *arg)
{
	struct zl *z = arg;

	nl_mon_drain(&z->mon_table);
	nl_mon_drain(&z->mon_l3);
}

static bool
on_has_stale(void *arg)
{
	const struct zl *z = arg;

	return reconcile_has_stale(&z->rec);
}

static void
on_wanted(void *arg, const struct apply_op *op, const struct zl_want *w)
{
	struct zl *z = arg;
	const struct iface_vni *v = op->vni;
	struct stale vx = { .ifindex = v->z.vxlan_ifindex, .src_vni = v->src_vni };
	struct stale br = { .table = APPLY_BRIDGE, .ifindex = v->z.vxlan_ifindex };
	struct stale ne = {
		.table = APPLY_NEIGH, .ifindex = v->z.svi_ifindex, .ip = w->ip
	};

	br.vid = v->z.vid;
	br.mac = w->mac;
	switch (op->table) {
	case APPLY_VXLAN:
	case APPLY_BOTH:
		vx.table = APPLY_VXLAN;
		vx.mac = w->mac;
		reconcile_stale_drop(&z->rec, &vx);
		if (op->table == APPLY_BOTH)
			reconcile_stale_drop(&z->rec, &br);
		break;
	case APPLY_FLOOD:
		vx.table = APPLY_FLOOD;
		vx.ip = w->vtep;
		reconcile_stale_drop(&z->rec, &vx);
		break;
	case APPLY_NEIGH:
		reconcile_stale_drop(&z->rec, &ne);
		break;
	default:
		reconcile_stale_drop(&z->rec, &br);
		break;
	}
}

static void
on_vrf_table(void *arg, uint32_t table)
{
	struct zl *z = arg;

	routes_table(&z->routes, table);
}

static bool
on_other_form(void *arg, const struct iface_vni *v, struct mac mac, bool by_id)
{
	struct zl *z = arg;
	const struct stale key = { .table = APPLY_VXLAN,
		.ifindex = v->z.vxlan_ifindex,
		.src_vni = v->src_vni,
		.mac = mac };
	const struct stale *s = reconcile_stale_find(&z->rec, &key);

	return s && s->by_id != by_id;
}

static const struct apply_ops apply_ops = { on_drain_tables, on_wanted, on_other_form,
	on_has_stale };

static void
on_vteps_again(void *arg)
{
	struct zl *z = arg;

	reconcile_soon(&z->rec);
}

static void
on_begin_ifaces(void *arg)
{
	struct zl *z = arg;

	watch_pause(z);
	/* To it, what the dump finds and nobody has wanted anew yet would be stale. */
	loop_work_cancel(&z->hop_sweep);
	prov_pause(&z->prov);
	z->dumping = true;
	iface_dump_begin(&z->iface);
}

static void
on_end_ifaces(void *arg)
{
	struct zl *z = arg;

	iface_dump_end(&z->iface);
	iface_resolve(&z->iface);
	gateways_update(&z->gateways);
}

static void
on_begin_tables(void *arg)
{
	struct zl *z = arg;

	vtep_nh_dump(&z->vteps);
	observe_dump_begin(&z->obs);
	hops_dump_begin(&z->hops);
	routes_dump_begin(&z->routes);
	gateways_dump_begin(&z->gateways);
}

static void
on_dumped(void *arg)
{
	struct zl *z = arg;

	observe_dump_end(&z->obs);
	hops_dump_end(&z->hops);
	routes_dump_end(&z->routes);
	arrive_take(z);
	z->dumping = false;
	watch_resume(z);
	iface_resolve(&z->iface);
	gateways_dumped(&z->gateways, z->removing);
	doctor_soon(&z->doctor);
	prov_changed(&z->prov);
	zl_say_everything(z);
	log_info("kernel: %u links, %u VNIs, %u MACs, %u neighbours, %u VRFs, %u routes, "
		 "%u entries of ours",
	    z->iface.links.live, z->iface.vnis.live, z->obs.macs.slab.live,
	    z->obs.neighs.slab.live, z->vrfs.slab.live, z->routes.slab.live,
	    z->rec.stale.live + z->hops.slab.live);
	zl_frames_late(z);
	if (z->removing)
		reconcile_sweep(&z->rec);
}

static void
on_hops_swept(struct zl *z)
{
	if (z->swept > 0)
		log_info("kernel: %lu %sentries of ours removed", z->swept,
		    z->removing ? "" : "stale ");
	if (z->removing)
		z->ops->on_removed(z->arg);
}

/* Routes are gone by now, so their nexthops carry nothing any more. */
static void
on_swept(void *arg, unsigned long n)
{
	struct zl *z = arg;

	z->swept = n;
	vtep_nh_sweep(&z->vteps);
	watch_l3_sweep(z, on_hops_swept);
}

static const struct reconcile_ops reconcile_ops = { .on_iface = watch_iface_msg,
	.on_table = watch_table_msg,
	.begin_ifaces = on_begin_ifaces,
	.end_ifaces = on_end_ifaces,
	.begin_tables = on_begin_tables,
	.done = on_dumped,
	.drain = on_drain_tables,
	.swept = on_swept };

static bool
on_resolve(struct loop_work *w)
{
	struct zl *z = container_of(w, struct zl, resolve);
	struct mono start = loop_clock(z->loop);

	/* During a dump the links are incomplete; its end resolves. */
	if (!z->dumping) {
		iface_resolve(&z->iface);
		gateways_update(&z->gateways);
		doctor_soon(&z->doctor);
		if (z->prov.known)
			prov_changed(&z->prov);
	}
	z->resolved = loop_clock(z->loop);
	z->resolve_cost = mono_diff(z->resolved, start);
	return false;
}

static void
on_resolve_later(struct loop_timer *t)
{
	struct zl *z = container_of(t, struct zl, resolve_later);

	loop_work_queue(z->loop, &z->resolve);
}

/* It looks at all links.  One change is seen at once; when thousands of devices come one after
 * another, at most a tenth of the time goes into it. */
void
zl_resolve(struct zl *z)
{
	int64_t rest = 9 * z->resolve_cost - mono_diff(loop_clock(z->loop), z->resolved);

	if (loop_timer_running(&z->resolve_later))
		return;
	if (rest <= 0 || z->resolved.us == 0)
		loop_work_queue(z->loop, &z->resolve);
	else
		loop_timer_start(z->loop, &z->resolve_later, rest);
}

/* Life. */

int
zl_init(struct zl *z, struct loop *l, bool kernel, int rcvbuf, const struct zl_ops *ops,
    void *arg)
{
	int rc;

	memset(z, 0, sizeof *z);
	z->loop = l;
	z->kernel = kernel;
	z->rcvbuf = rcvbuf ? rcvbuf : RCVBUF_DEFAULT;
	z->ops = ops;
	z->arg = arg;
	z->chan.fd = -1;
	z->frames_tail = &z->frames;
	loop_work_init(&z->resolve, LOOP_PRIO_DECIDE, on_resolve);
	loop_timer_init(&z->resolve_later, on_resolve_later);
	zl_say_init(z);
	zl_count_init(z);
	nl_batch_init(&z->probe);
	iface_init(&z->iface, &bind_iface_ops, z);
	observe_init(&z->obs, on_wake, z);
	vtep_nh_init(&z->vteps, &z->nl, on_vteps_again, z);
	apply_init(&z->apply, &z->nl, &z->iface, &z->obs, &z->vteps, &apply_ops, z);
	reconcile_init(&z->rec, l, &z->nl, &reconcile_ops, z);
	nexthops_init(&z->nexthops, l, &z->nl, on_wake, z);
	zl_dev_init(z);
	doctor_init(&z->doctor, l, &z->iface, &z->obs, on_wake, z);
	vrfs_init(&z->vrfs, on_vrf_table, z);
	hops_init(&z->hops);
	routes_init(&z->routes, &z->vrfs, on_wake, z);
	gateways_init(&z->gateways, l, &z->nl, &z->iface, &z->obs);
	snoop_init(&z->snoop, z);
	watch_l3_init(z);
	arrive_init(z);
	nl_batch_init(&z->sweep_batch);
	z->apply.hops = &z->hops;
	z->apply.routes = &z->routes;
	z->apply.vrfs = &z->vrfs;
	z->apply.rec = &z->rec;
	if (!kernel)
		return 0;
	rc = nl_init(&z->nl, l);
	if (rc == 0)
		rc = watch_open(z);
	if (rc < 0)
		zl_fini(z);
	else
		snoop_open(&z->snoop);
	return rc;
}

void
zl_fini(struct zl *z)
{
	zl_detach(z);
	loop_work_cancel(&z->resolve);
	loop_timer_stop(&z->resolve_later);
	reconcile_fini(&z->rec);
	nexthops_fini(&z->nexthops);
	doctor_fini(&z->doctor);
	prov_fini(&z->prov);
	snoop_fini(&z->snoop);
	apply_fini(&z->apply);
	vtep_nh_fini(&z->vteps);
	nl_batch_fini(&z->probe);
	arrive_fini(z);
	nl_batch_fini(&z->sweep_batch);
	loop_work_cancel(&z->hop_sweep);
	if (z->kernel) {
		watch_close(z);
		nl_fini(&z->nl);
	}
	/* Their last words find nobody. */
	observe_fini(&z->obs);
	iface_fini(&z->iface);
	gateways_fini(&z->gateways);
	routes_fini(&z->routes);
	hops_fini(&z->hops);
	vrfs_fini(&z->vrfs);
	free(z->out);
	z->out = NULL;
	outq_clear(&z->lost);
	outq_clear(&z->addrs);
}

/* The engine. */

void
zl_engine_gone(struct zl *z, const char *why)
{
	zl_detach(z);
	z->ops->on_gone(z->arg, why);
}

static bool
on_hello(struct zl *z, struct rbuf *r)
{
	struct zl_hello m;

	(void)z;
	if (!zl_hello_decode(r, &m) || !rb_done(r))
		return false;
	if (m.version != ZL_VERSION) {
		log_error("engine: speaks version %u of zl_proto, this is %u", m.version,
		    ZL_VERSION);
		return false;
	}
	return true;
}

static bool
on_config(struct zl *z, struct rbuf *r)
{
	bool first = !z->configured, ids = z->config.use_nexthop_ids;

	if (!zl_config_decode(r, &z->config) || !rb_done(r))
		return false;
	z->configured = true;
	if (!first && z->config.use_nexthop_ids == ids)
		return true;
	if (z->kernel && z->config.kernel) {
		vtep_nh_turn(&z->vteps, z->config.use_nexthop_ids);
		reconcile_start(&z->rec);
		snoop_start(&z->snoop);
	} else
		zl_say_everything(z);
	return true;
}

static bool
on_want(struct zl *z, struct rbuf *r)
{
	return zl_frame(z, ZL_WANT, r);
}

static bool
on_sync_end(struct zl *z, struct rbuf *r)
{
	uint32_t epoch = rb_u32(r);

	if (!rb_done(r))
		return false;
	if (epoch == z->epoch && !z->rec.running && z->kernel)
		reconcile_sweep(&z->rec);
	return true;
}

static bool
on_resync(struct zl *z, struct rbuf *r)
{
	(void)r;
	if (z->kernel && z->config.kernel)
		reconcile_start(&z->rec);
	else
		zl_say_everything(z);
	return true;
}

static bool
on_ready(struct zl *z, struct rbuf *r)
{
	(void)r;
	z->ops->on_ready(z->arg);
	return true;
}

static bool
on_status(struct zl *z, struct rbuf *r)
{
	char text[ZL_STATUS_MAX + 1];
	size_t n = rb_left(r);

	if (n > ZL_STATUS_MAX)
		return false;
	rb_copy(r, text, n);
	text[n] = '\0';
	/* One line, whatever it says. */
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
	z->ops->on_status(z->arg, text);
	return true;
}

static bool
on_nexthop_watch(struct zl *z, struct rbuf *r)
{
	struct zl_watch m;

	while (rb_left(r) > 0 && zl_watch_decode(r, &m)) {
		if (!z->kernel || !z->config.kernel)
			continue;
		if (m.op == ZL_SET)
			nexthops_watch(&z->nexthops, m.ip);
		else
			nexthops_unwatch(&z->nexthops, m.ip);
	}
	return rb_done(r);
}

static bool
on_table_watch(struct zl *z, struct rbuf *r)
{
	uint32_t tables[ZL_TABLES_MAX];
	size_t n;

	if (!zl_tables_decode(r, tables, &n))
		return false;
	routes_watch(&z->routes, tables, n);
	return true;
}

static bool
on_probe(struct zl *z, struct rbuf *r)
{
	return zl_frame(z, ZL_PROBE, r);
}

static bool (*const handlers[])(struct zl *z, struct rbuf *r) = {
	[ZL_HELLO] = on_hello,
	[ZL_CONFIG] = on_config,
	[ZL_WANT] = on_want,
	[ZL_SYNC_END] = on_sync_end,
	[ZL_RESYNC] = on_resync,
	[ZL_READY] = on_ready,
	[ZL_STATUS] = on_status,
	[ZL_NEXTHOP_WATCH] = on_nexthop_watch,
	[ZL_PROBE] = on_probe,
	[ZL_PROV] = zl_dev_frame,
	[ZL_TABLE_WATCH] = on_table_watch,
};

static void
on_msg(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	struct zl *z = arg;
	struct rbuf r = rb_init(body, len);

	if (fd >= 0)
		close(fd);
	if (type < ARRAY_LEN(handlers) && handlers[type] && handlers[type](z, &r))
		return;
	log_error(
	    "engine: bad message %s (%u, %zu bytes)", zl_type_name(type), type, len);
	zl_engine_gone(z, "bad message");
}

static void
on_close(void *arg, const char *why)
{
	zl_engine_gone(arg, why);
}

static void
on_drain(void *arg)
{
	zl_say_wake(arg);
}

static const struct chan_ops chan_ops = { on_msg, on_close, on_drain };

void
zl_attach(struct zl *z, int fd)
{
	struct zl_hello m = { ZL_VERSION, (uint32_t)getpid() };
	uint8_t mem[16];
	struct wbuf w = wb_init(mem, sizeof mem);

	ensure(!z->attached);
	chan_init(&z->chan, z->loop, fd, &chan_ops, z, ZL_MSG_MAX);
	z->chan.high_water = HIGH_WATER;
	z->attached = true;
	z->configured = false;
	zl_hello_encode(&w, &m);
	chan_send(&z->chan, ZL_HELLO, mem, wb_len(&w), -1);
	zl_count_start(z);
}

void
zl_detach(struct zl *z)
{
	if (!z->attached)
		return;
	z->attached = z->configured = false;
	zl_count_stop(z);
	chan_close(&z->chan);
	snoop_stop(&z->snoop);
	zl_frames_drop(z);
	hops_forget_ids(&z->hops);
	nexthops_forget(&z->nexthops);
	prov_forget(&z->prov);
	zl_say_nothing(z);
}

void
zl_remove_all(struct zl *z)
{
	ensure(!z->attached);
	z->removing = true;
	if (z->kernel)
		reconcile_start(&z->rec);
	else
		z->ops->on_removed(z->arg);
}

void
zl_send_listener(struct zl *z, int fd, const struct zl_listen *l)
{
	uint8_t mem[32];
	struct wbuf w = wb_init(mem, sizeof mem);
	int dup = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	zl_listen_encode(&w, l);
	if (dup >= 0)
		chan_send(&z->chan, ZL_LISTEN_FD, mem, wb_len(&w), dup);
}
