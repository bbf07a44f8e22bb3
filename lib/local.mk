# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	lib/addr.h \
	lib/arena.h \
	lib/chan.h \
	lib/err.h \
	lib/hash.h \
	lib/hidx.h \
	lib/intern.h \
	lib/log.h \
	lib/loop.h \
	lib/mono.h \
	lib/notify.h \
	lib/priv.h \
	lib/slab.h \
	lib/stats.h \
	lib/strbuf.h \
	lib/util.h \
	lib/wire.h
BASE_LIBS = libbase.a $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)
