# SPDX-License-Identifier: ISC
# Without libnetconf2 the program is left out whole; see configure.ac.
NETCONF_PURE = \
	netconf/frame.c netconf/frame.h \
	netconf/nacm_path.c netconf/nacm_path.h

if HAVE_NETCONF
pkglibexec_PROGRAMS += evpnd-netconf
evpnd_netconf_SOURCES = $(NETCONF_PURE) \
	netconf/defaults.c netconf/defaults.h \
	netconf/engine.c netconf/engine.h \
	netconf/filter.c netconf/filter.h \
	netconf/keys.c netconf/keys.h \
	netconf/listen.c \
	netconf/main.c \
	netconf/monitor.c \
	netconf/nacm.c netconf/nacm.h \
	netconf/netconf.h \
	netconf/ops.c \
	netconf/ops_config.c \
	netconf/ops_evpnd.c \
	netconf/ops_get.c \
	netconf/ops_nmda.c \
	netconf/ops_notif.c \
	netconf/origin.c netconf/origin.h \
	netconf/read.c netconf/read.h \
	netconf/reply.c netconf/reply.h \
	netconf/request.c netconf/request.h \
	netconf/schema.c netconf/schema.h \
	netconf/session.c \
	netconf/ssh.c netconf/ssh.h
evpnd_netconf_CPPFLAGS = $(AM_CPPFLAGS) $(NETCONF_CFLAGS)
evpnd_netconf_LDADD = libctl.a $(BASE_LIBS) $(NETCONF_LIBS)
if HAVE_SYSTEMD
systemdsystemunit_DATA += netconf/evpnd-netconf.service
CLEANFILES += netconf/evpnd-netconf.service
endif
endif
EXTRA_DIST += netconf/evpnd-netconf.service.in
netconf/evpnd-netconf.service: netconf/evpnd-netconf.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) netconf && \
	sed -e 's|[@]pkglibexecdir[@]|$(pkglibexecdir)|g' -e 's|[@]sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/netconf/evpnd-netconf.service.in >$@.new && mv $@.new $@

dist_check_SCRIPTS += tests/netconf.sh tests/netconf/run
TESTS += tests/netconf.sh
EXTRA_DIST += \
	tests/netconf/harness.py \
	tests/netconf/t_crowd.py \
	tests/netconf/t_errors.py \
	tests/netconf/t_guide.py \
	tests/netconf/t_hostile.py \
	tests/netconf/t_nacm.py \
	tests/netconf/t_nmda.py \
	tests/netconf/t_notif.py \
	tests/netconf/t_ops.py \
	tests/netconf/t_ssh.py \
	tests/netconf/t_yangcli.py
