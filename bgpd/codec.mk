# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/afi.c \
	bgpd/afi.h \
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
