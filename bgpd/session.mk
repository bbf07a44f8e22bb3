# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/apply.c \
	bgpd/bgp.c \
	bgpd/bgp.h \
	bgpd/bgp_conf.h \
	bgpd/bgp_priv.h \
	bgpd/fsm.c \
	bgpd/fsm.h \
	bgpd/gr.c \
	bgpd/gr.h \
	bgpd/farewell.c \
	bgpd/farewell.h \
	bgpd/listen.c \
	bgpd/nego.c \
	bgpd/nego.h \
	bgpd/peer.c \
	bgpd/peer.h \
	bgpd/peer_conn.c \
	bgpd/peer_gr.c \
	bgpd/peer_priv.h \
	bgpd/peer_rib.c \
	bgpd/recv.c \
	bgpd/recv.h \
	bgpd/session.c \
	bgpd/session.h \
	bgpd/tcp.c \
	bgpd/tcp.h \
	bgpd/txq.c \
	bgpd/txq.h \
	bgpd/update_in.c \
	bgpd/update_in.h

if HAVE_CHECK
check_PROGRAMS += tests/unit/check_fsm tests/unit/check_gr
tests_unit_check_fsm_SOURCES = tests/unit/check_fsm.c
tests_unit_check_fsm_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_gr_SOURCES = tests/unit/check_gr.c
tests_unit_check_gr_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_peer
tests_unit_check_peer_SOURCES = tests/unit/check_peer.c \
	tests/unit/raw_peer.c tests/unit/raw_peer.h \
	tests/unit/bgp_world.c tests/unit/bgp_world.h
tests_unit_check_peer_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_session
tests_unit_check_session_SOURCES = tests/unit/check_session.c \
	tests/unit/raw_peer.c tests/unit/raw_peer.h \
	tests/unit/bgp_world.c tests/unit/bgp_world.h
tests_unit_check_session_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_update_in
tests_unit_check_update_in_SOURCES = tests/unit/check_update_in.c \
	tests/unit/raw_peer.c tests/unit/raw_peer.h \
	tests/unit/bgp_world.c tests/unit/bgp_world.h
tests_unit_check_update_in_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_bgp
tests_unit_check_bgp_SOURCES = tests/unit/check_bgp.c \
	tests/unit/bgp_world.c tests/unit/bgp_world.h
tests_unit_check_bgp_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_tcp tests/unit/check_txq
tests_unit_check_tcp_SOURCES = tests/unit/check_tcp.c
tests_unit_check_tcp_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_txq_SOURCES = tests/unit/check_txq.c
tests_unit_check_txq_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
TESTS += tests/unit/check_bgp tests/unit/check_peer tests/unit/check_session \
	tests/unit/check_tcp tests/unit/check_txq tests/unit/check_update_in
TESTS += tests/unit/check_fsm tests/unit/check_gr
endif
