/* SPDX-License-Identifier: ISC */
/* Runs a fuzz target over its vectors without libFuzzer: each one, each truncation of it and each
 * corruption of a single octet.
 *
 * replay_X [FILE or FOLDER]... takes vector files (*.txt) and any other file as plain input; without
 * arguments tests/vectors/X of the source tree.  --write FOLDER puts the vectors there as plain files,
 * which is the corpus that libFuzzer begins with.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/vector.h"

/* Longer inputs are not swept: the short ones have the same structure. */
#define SWEEP_MAX 512

static const char *write_to; /* folder, NULL: run */
static unsigned long inputs; /* run so far */

/* In a block of just its size, so that ASan sees every octet too far. */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	if (!exact)
		abort();
	memcpy(exact, data, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	inputs++;
}

static void
sweep(const uint8_t *data, size_t len)
{
	uint8_t *copy = xmemdup(data, len);

	run(data, len);
	for (size_t n = 0; n < len && len <= SWEEP_MAX; n++)
		run(data, n);
	for (size_t i = 0; i < len && len <= SWEEP_MAX; i++) {
		for (unsigned x = 1; x < 256; x++) {
			copy[i] = (uint8_t)(data[i] ^ x);
			LLVMFuzzerTestOneInput(copy, len);
			inputs++;
		}
		copy[i] = data[i];
	}
	free(copy);
}

static void
write_case(const char *path, unsigned line, const uint8_t *data, size_t len)
{
	const char *base = strrchr(path, '/');
	char *name = xasprintf("%s/%s.%u", write_to, base ? base + 1 : path, line);
	FILE *f = fopen(name, "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		exit(1);
	}
	free(name);
}

static void
run_vectors(const char *path, void *arg)
{
	struct vector_file f;

	(void)arg;
	vector_file_load(&f, path);
	for (size_t i = 0; i < f.n; i++) {
		size_t len;
		const uint8_t *data = vector_input(&f.v[i], &len);

		if (write_to)
			write_case(path, f.v[i].line, data, len);
		else
			sweep(data, len);
	}
	vector_file_free(&f);
}

static void
run_plain(const char *path)
{
	static uint8_t buf[1 << 20];
	FILE *f = fopen(path, "r");

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	run(buf, fread(buf, 1, sizeof buf, f));
	fclose(f);
}

static void
run_path(const char *path)
{
	const char *dot = strrchr(path, '.');
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (vector_folder(path, run_vectors, NULL) == 0) {
			fprintf(stderr, "%s: no vectors\n", path);
			exit(1);
		}
	} else if (dot && strcmp(dot, ".txt") == 0) {
		run_vectors(path, NULL);
	} else {
		run_plain(path);
	}
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '_'), *srcdir = getenv("srcdir");
	int i = 1;

	if (argc > 2 && strcmp(argv[1], "--write") == 0) {
		write_to = argv[2];
		i = 3;
	}
	if (i == argc && name) {
		char *folder =
		    xasprintf("%s/tests/vectors/%s", srcdir ? srcdir : ".", name + 1);

		run_path(folder);
		free(folder);
	}
	for (; i < argc; i++)
		run_path(argv[i]);
	printf("%s: %lu inputs\n", argv[0], inputs);
	return 0;
}
