# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/afi.c \
	bgpd/afi.h \
	bgpd/family.h \
	bgpd/afi_evpn.c \
	bgpd/afi_evpn.h \
	bgpd/aspath.c \
	bgpd/aspath.h \
	bgpd/attr.c \
	bgpd/attr_decode_base.c \
	bgpd/attr_decode_comm.c \
	bgpd/attr_decode_mp.c \
	bgpd/attr_encode.c \
	bgpd/attr_table.h \
	bgpd/attrset.c \
	bgpd/attrset_derive.c \
	bgpd/attrset_derive.h \
	bgpd/community.c \
	bgpd/community.h \
	bgpd/extcomm.c \
	bgpd/extcomm.h \
	bgpd/extcomm_text.c \
	bgpd/msg.c \
	bgpd/msg.h \
	bgpd/nlri.c \
	bgpd/nlri_text.c \
	bgpd/notification.c \
	bgpd/notification.h \
	bgpd/open.c \
	bgpd/open.h \
	bgpd/open_caps.c \
	bgpd/open_caps.h \
	bgpd/refresh.c \
	bgpd/refresh.h \
	bgpd/text.c \
	bgpd/text.h \
	bgpd/update.c \
	bgpd/update.h \
	bgpd/update_write.c \
	bgpd/update_write.h

# Unit tests.
dist_check_SCRIPTS += tests/vectors/tshark.sh
if HAVE_CHECK
CODEC_TESTS = \
	tests/unit/check_aspath \
	tests/unit/check_attr \
	tests/unit/check_attrset \
	tests/unit/check_extcomm \
	tests/unit/check_msg \
	tests/unit/check_nlri \
	tests/unit/check_open \
	tests/unit/check_update \
	tests/unit/check_vectors
check_PROGRAMS += $(CODEC_TESTS)
TESTS += $(CODEC_TESTS) tests/vectors/tshark.sh
tests_unit_check_aspath_SOURCES = tests/unit/check_aspath.c tests/unit/run.h
tests_unit_check_aspath_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_attr_SOURCES = tests/unit/check_attr.c tests/unit/run.h
tests_unit_check_attr_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_attrset_SOURCES = tests/unit/check_attrset.c tests/unit/run.h
tests_unit_check_attrset_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_extcomm_SOURCES = tests/unit/check_extcomm.c tests/unit/run.h
tests_unit_check_extcomm_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_msg_SOURCES = tests/unit/check_msg.c tests/unit/run.h
tests_unit_check_msg_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_nlri_SOURCES = tests/unit/check_nlri.c tests/unit/run.h
tests_unit_check_nlri_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_open_SOURCES = tests/unit/check_open.c tests/unit/run.h
tests_unit_check_open_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_update_SOURCES = tests/unit/check_update.c tests/unit/run.h
tests_unit_check_update_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_vectors_SOURCES = tests/unit/check_vectors.c tests/unit/dump.c tests/unit/dump.h \
	tests/unit/run.h tests/fuzz/bgp.c tests/fuzz/bgp.h tests/fuzz/vector.c tests/fuzz/vector.h
tests_unit_check_vectors_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
endif

# Fuzz targets: a replay of the vectors in `make check`, a libFuzzer program with --enable-fuzz.
CODEC_REPLAYS = \
	tests/fuzz/replay_attr \
	tests/fuzz/replay_msg \
	tests/fuzz/replay_nlri \
	tests/fuzz/replay_open \
	tests/fuzz/replay_update
check_PROGRAMS += $(CODEC_REPLAYS)
TESTS += $(CODEC_REPLAYS)
FUZZ_TARGETS += $(CODEC_REPLAYS)
tests_fuzz_replay_attr_SOURCES = tests/fuzz/fuzz_attr.c tests/fuzz/bgp.c tests/fuzz/bgp.h $(FUZZ_REPLAY)
tests_fuzz_replay_attr_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_replay_msg_SOURCES = tests/fuzz/fuzz_msg.c tests/fuzz/bgp.c tests/fuzz/bgp.h $(FUZZ_REPLAY)
tests_fuzz_replay_msg_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_replay_nlri_SOURCES = tests/fuzz/fuzz_nlri.c $(FUZZ_REPLAY)
tests_fuzz_replay_nlri_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_replay_open_SOURCES = tests/fuzz/fuzz_open.c $(FUZZ_REPLAY)
tests_fuzz_replay_open_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_replay_update_SOURCES = tests/fuzz/fuzz_update.c tests/fuzz/bgp.c tests/fuzz/bgp.h $(FUZZ_REPLAY)
tests_fuzz_replay_update_LDADD = libbgp.a $(BASE_LIBS)
if ENABLE_FUZZ
CODEC_FUZZ = \
	tests/fuzz/fuzz_attr \
	tests/fuzz/fuzz_msg \
	tests/fuzz/fuzz_nlri \
	tests/fuzz/fuzz_open \
	tests/fuzz/fuzz_update
noinst_PROGRAMS += $(CODEC_FUZZ)
FUZZ_TARGETS += $(CODEC_FUZZ)
tests_fuzz_fuzz_attr_SOURCES = tests/fuzz/fuzz_attr.c tests/fuzz/fuzz.h tests/fuzz/bgp.c tests/fuzz/bgp.h
tests_fuzz_fuzz_attr_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_fuzz_attr_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_msg_SOURCES = tests/fuzz/fuzz_msg.c tests/fuzz/fuzz.h tests/fuzz/bgp.c tests/fuzz/bgp.h
tests_fuzz_fuzz_msg_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_fuzz_msg_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_nlri_SOURCES = tests/fuzz/fuzz_nlri.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_nlri_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_fuzz_nlri_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_open_SOURCES = tests/fuzz/fuzz_open.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_open_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_fuzz_open_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_update_SOURCES = tests/fuzz/fuzz_update.c tests/fuzz/fuzz.h tests/fuzz/bgp.c tests/fuzz/bgp.h
tests_fuzz_fuzz_update_LDADD = libbgp.a $(BASE_LIBS)
tests_fuzz_fuzz_update_LDFLAGS = $(FUZZ_LINK)
endif

EXTRA_DIST += \
	tests/vectors/attr/aspath.txt \
	tests/vectors/attr/base.txt \
	tests/vectors/attr/communities.txt \
	tests/vectors/attr/reflection.txt \
	tests/vectors/msg/msg.txt \
	tests/vectors/nlri/errors.txt \
	tests/vectors/nlri/types.txt \
	tests/vectors/notification/notification.txt \
	tests/vectors/open/open.txt \
	tests/vectors/open/peers.txt \
	tests/vectors/update/evpn.txt \
	tests/vectors/update/peers.txt \
	tests/vectors/update/rfc7606.txt \
	tests/vectors/update/unicast.txt

# Built with the tests, run by hand.
check_PROGRAMS += tests/bench/bench_codec
tests_bench_bench_codec_SOURCES = tests/bench/bench_codec.c
tests_bench_bench_codec_LDADD = libbgp.a $(BASE_LIBS)
