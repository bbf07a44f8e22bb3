/* SPDX-License-Identifier: ISC */
/* mgmt/cli_grammar.h: one pattern language for every command.
 *
 * What    A command is a pattern of words.  From patterns come parsing with
 *         abbreviations, `?` help, completion, and the text of the configuration.
 * Pattern word            a keyword: lower case letters, digits, - _ *
 *         A.B.C.D  A.B.C.D/M  X:X::X:X  X:X::X:X/M   addresses and prefixes
 *         X:X:X:X:X:X     MAC address          ESI          ten octets with colons
 *         RD  RT          "65000:10", "10.0.0.1:10"; RT also "*:10"
 *         ASNUM           1 to 4294967295, or "1.10"
 *         (lo-hi)         a decimal number in that range
 *         WORD            any one word         IFNAME       an interface's name
 *         LINE...         the rest of the line, spaces kept
 *         RTLIST...       one or more RT       WORDLIST...  one or more words
 *         [a b]  [a|b]    may be left out
 *         <a|b c|D>       one of these
 *         item$name       the value is found by cli_arg(args, "name"); after a group,
 *                         for each item of it that has no name.  Without $name an
 *                         item's name is its own text: `[detail]` is cli_arg(a, "detail").
 * Match   Word by word over all patterns of a node at once.  The better kind of match
 *         wins at each word: whole keyword, then number and address, then an
 *         abbreviation, then WORD and IFNAME, then LINE.  Two keywords that one
 *         abbreviation fits are ambiguous, and said so.
 * Pure    Compiled patterns are constant; matching allocates only in struct cli_args.
 */
#ifndef EVPND_MGMT_CLI_GRAMMAR_H
#define EVPND_MGMT_CLI_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/strbuf.h"

#define CLI_POS_MAX 64	  /* items of one pattern */
#define CLI_WORDS_MAX 256 /* words of one line that patterns look at */
#define CLI_LINE_MAX 4096 /* bytes of one line */

enum cli_type {
	CLI_KEYWORD,
	CLI_IPV4,
	CLI_IPV4_PREFIX,
	CLI_IPV6,
	CLI_IPV6_PREFIX,
	CLI_MAC,
	CLI_ESI,
	CLI_RD,
	CLI_RT,
	CLI_ASNUM,
	CLI_RANGE,
	CLI_WORD,
	CLI_IFNAME,
	CLI_LINE,
	CLI_RTLIST,
	CLI_WORDLIST,
};

struct cli_arg {
	const char *name;   /* of the capture; borrowed from the pattern */
	char *value;	    /* as typed; a keyword in full; owned by cli_args */
	enum cli_type type; /* of the item that matched */
};

struct cli_args {
	struct cli_arg *a; /* owned */
	size_t n;	   /* entries */
};

struct cli_pattern;

/* One line cut into words; the text is borrowed. */
struct cli_line {
	const char *text; /* the line */
	struct cli_word {
		const char *s; /* first byte; borrowed */
		size_t len;    /* bytes */
	} w[CLI_WORDS_MAX];    /* words */
	size_t n;	       /* of them */
	bool open; /* the last word touches the end: it may go on (completion) */
	bool more; /* there are more words than fit: only LINE... can take them */
};

/* Cuts; words beyond CLI_WORDS_MAX are seen by LINE... alone. */
void cli_line_split(struct cli_line *l, const char *text);
/* The line without its first n words. */
void cli_line_shift(struct cli_line *l, size_t n);

/* NULL and *e for a pattern that is not one. */
struct cli_pattern *cli_pattern_new(const char *text, struct err *e);
void cli_pattern_free(struct cli_pattern *p);
/* Each keyword of the pattern, for tests of the word list. */
void cli_pattern_words(
    const struct cli_pattern *p, void (*fn)(void *arg, const char *word), void *arg);

enum cli_verdict {
	CLI_OK,
	CLI_UNKNOWN,	/* no pattern goes this way: *bad is the word */
	CLI_AMBIGUOUS,	/* an abbreviation of two keywords: *bad is the word */
	CLI_INCOMPLETE, /* patterns go on */
};

/* Which of n patterns (NULL entries are skipped) the whole line is.  shorter: the line may end
 * where only values are missing (`no` forms).  With CLI_OK, *which is its index and *args is
 * to be freed. */
enum cli_verdict cli_match(struct cli_pattern *const *pats, size_t n,
    const struct cli_line *l, bool shorter, size_t *which, struct cli_args *args,
    size_t *bad);

/* What may stand after the line, or complete its open last word: each once, in order of text.
 * is_value: a description such as "A.B.C.D", not a word to type.  word "<cr>": may end here.
 * which: a pattern that goes this way. */
void cli_next(struct cli_pattern *const *pats, size_t n, const struct cli_line *l,
    bool shorter, void (*fn)(void *arg, const char *word, bool is_value, size_t which),
    void *arg);
/* Each kind of value that may come next, whatever is typed of it, with the name of its capture and
 * what the words before it are; a kind and name may come more than once. */
void cli_next_values(struct cli_pattern *const *pats, size_t n, const struct cli_line *l,
    void (*fn)(
	void *arg, enum cli_type type, const char *name, const struct cli_args *args),
    void *arg);
/* One sentence about a value word of a pattern. */
const char *cli_value_help(const char *word);

/* A pattern as people read it: without the names of captures. */
void cli_pattern_read(const char *pattern, struct strbuf *out);

/* The text of a pattern with these values: get() gives the value of a $name or NULL.  Every
 * value that there is must find its place; false if there is no such way. */
bool cli_pattern_print(const struct cli_pattern *p,
    const char *(*get)(void *arg, const char *name), void *arg, struct strbuf *out);

/* The keyword that carries this $name, NULL if none does. */
const char *cli_pattern_keyword(const struct cli_pattern *p, const char *name);

/* The value of a capture, NULL if that part of the pattern was not typed; of several with this
 * name the last, so `rd RD$rd` gives the value and not the keyword. */
const char *cli_arg(const struct cli_args *args, const char *name);
const struct cli_arg *cli_arg_find(const struct cli_args *args, const char *name);
/* A number that the pattern has checked; dflt when absent. */
uint64_t cli_arg_num(const struct cli_args *args, const char *name, uint64_t dflt);
struct cli_args cli_args_dup(const struct cli_args *args);
void cli_args_free(struct cli_args *args);

#endif
