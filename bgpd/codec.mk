# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/afi.c \
	bgpd/afi.h \
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
	bgpd/update.h \
	bgpd/update_write.h
