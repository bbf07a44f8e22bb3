# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libevpn.a
libevpn_a_SOURCES = evpn/evpn.h evpn/evpn_conf.h
