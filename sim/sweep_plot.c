/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "sweep_plot.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli_out.h"
#include "sweep_table.h"

#define MAX_LINES 32 /* more could not be told apart */

enum column {
	X,
	Y,
	BY
};

extern char **environ;

/**
 * struct plot - a picture in the making
 * @words: x is text, whose values stand side by side in the order in which they come
 * @lines: distinct values of --by, @nr_lines of them, borrowed from the table
 */
struct plot {
	const struct zsim_sweep_args *args;
	struct zsim_sweep_table table;
	bool words;
	const char *lines[MAX_LINES];
	size_t nr_lines;
};

static bool is_number(const char *text)
{
	char *end;

	if (!*text)
		return false;
	strtod(text, &end);
	return !*end;
}

static bool is_svg(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, ".svg");
}

/* ---- what there is to draw ---------------------------------------------------------- */

static const char *line_of(const struct plot *p, const struct zsim_sweep_cells *row)
{
	return p->args->plot_by ? row->text[BY] : p->args->plot_y;
}

static int lines_find(struct plot *p)
{
	for (size_t i = 0; i < p->table.nr; i++) {
		const char *name = line_of(p, &p->table.rows[i]);
		size_t at = 0;

		while (at < p->nr_lines && strcmp(p->lines[at], name) != 0)
			at++;
		if (at < p->nr_lines)
			continue;
		if (p->nr_lines == MAX_LINES)
			return zsim_complain("zsim-sweep: %s has more than %d values",
					     p->args->plot_by, MAX_LINES);
		p->lines[p->nr_lines++] = name;
	}
	return 0;
}

/* runs that failed have no y */
static int values_check(struct plot *p)
{
	size_t drawn = 0;

	for (size_t i = 0; i < p->table.nr; i++) {
		const struct zsim_sweep_cells *row = &p->table.rows[i];

		if (*row->text[Y] && !is_number(row->text[Y]))
			return zsim_complain("zsim-sweep: %s is not a number: '%s'",
					     p->args->plot_y, row->text[Y]);
		p->words |= !is_number(row->text[X]);
		drawn += *row->text[Y] != '\0';
	}
	return drawn ? 0 :
		       zsim_complain("zsim-sweep: nothing to draw: %s is always empty",
				     p->args->plot_y);
}

/* ---- as gnuplot wants it -------------------------------------------------------------- */

static void quoted(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		if (*text != '\n')
			putc(*text, out);
	}
	putc('\'', out);
}

/* does no row above have the same x? */
static bool is_first(const struct plot *p, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (!strcmp(p->table.rows[i].text[X], p->table.rows[row].text[X]))
			return false;
	return true;
}

static size_t word_place(const struct plot *p, const char *word)
{
	size_t place = 0;

	for (size_t i = 0; strcmp(p->table.rows[i].text[X], word) != 0; i++)
		place += is_first(p, i);
	return place;
}

static void write_tics(FILE *out, const struct plot *p)
{
	const char *comma = "";

	fputs("set xtics rotate by -30 (", out);
	for (size_t i = 0; i < p->table.nr; i++) {
		if (!is_first(p, i))
			continue;
		fputs(comma, out);
		quoted(out, p->table.rows[i].text[X]);
		fprintf(out, " %zu", word_place(p, p->table.rows[i].text[X]));
		comma = ", ";
	}
	fputs(")\nset offsets 0.5, 0.5, 0, 0\n", out);
}

static void write_data(FILE *out, const struct plot *p, size_t line)
{
	fprintf(out, "$line%zu << END\n", line);
	for (size_t i = 0; i < p->table.nr; i++) {
		const struct zsim_sweep_cells *row = &p->table.rows[i];

		if (!*row->text[Y] || strcmp(line_of(p, row), p->lines[line]) != 0)
			continue;
		if (p->words)
			fprintf(out, "%zu %s\n", word_place(p, row->text[X]), row->text[Y]);
		else
			fprintf(out, "%s %s\n", row->text[X], row->text[Y]);
	}
	fputs("END\n", out);
}

/* points with the same x are one, at their mean */
static void write_plot(FILE *out, const struct plot *p)
{
	fputs("plot", out);
	for (size_t i = 0; i < p->nr_lines; i++) {
		fprintf(out, "%s $line%zu using 1:2 smooth unique with linespoints title ",
			i ? "," : "", i);
		quoted(out, p->lines[i]);
	}
	putc('\n', out);
}

static void write_script(FILE *out, const struct plot *p)
{
	fprintf(out, "set terminal %s size 960,640 noenhanced\n",
		is_svg(p->args->output) ? "svg" : "pngcairo");
	fputs("set key outside right noenhanced\nset grid\nset xlabel ", out);
	quoted(out, p->args->plot_x);
	fputs("\nset ylabel ", out);
	quoted(out, p->args->plot_y);
	putc('\n', out);
	if (p->args->plot_by) {
		fputs("set key title ", out);
		quoted(out, p->args->plot_by);
		putc('\n', out);
	}
	if (p->words)
		write_tics(out, p);
	for (size_t i = 0; i < p->nr_lines; i++)
		write_data(out, p, i);
	write_plot(out, p);
}

/* ---- looking for it ---------------------------------------------------------------------- */

static bool is_program(const char *folder, int length, const char *name)
{
	char *path = NULL;
	bool found;

	if (asprintf(&path, "%.*s%s%s", length, folder, length ? "/" : "", name) < 0)
		return false;
	found = !access(path, X_OK);
	free(path);
	return found;
}

/* before it is started: a child's failure to begin could be taken for its own */
static bool is_installed(const char *name)
{
	const char *folders = getenv("PATH");

	while (folders) {
		size_t length = strcspn(folders, ":");

		if (is_program(folders, (int)length, name))
			return true;
		folders = folders[length] ? folders + length + 1 : NULL;
	}
	return false;
}

/* ---- running it -------------------------------------------------------------------------- */

static int spawn(pid_t *child, int from, int to)
{
	static char name[] = "gnuplot";
	char *argv[] = { name, NULL };
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return -err;
	posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
	err = posix_spawnp(child, name, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return zsim_complain("gnuplot: %s", strerror(errno));
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : zsim_complain("gnuplot failed");
}

/* the script goes through a file, so that neither waits for the other */
static int draw(const struct plot *p, struct zsim_outfile *out)
{
	FILE *script = tmpfile();
	pid_t child = 0;
	int err;

	if (!script)
		return zsim_complain("temporary file: %s", strerror(errno));
	write_script(script, p);
	if (fflush(script) || ferror(script)) {
		fclose(script);
		return zsim_complain("temporary file: %s", strerror(errno));
	}
	rewind(script);
	err = spawn(&child, fileno(script), fileno(out->file));
	fclose(script);
	return err ? zsim_complain("gnuplot: %s", strerror(-err)) : wait_for(child);
}

static int plot_to(const struct plot *p)
{
	const char *name = p->args->output;
	struct zsim_outfile out = { 0 };
	int status;

	if (!is_installed("gnuplot"))
		return zsim_complain("zsim-sweep: --plot needs gnuplot, which is not installed "
				     "(Debian: gnuplot-nox)");
	status = zsim_outfile_open(&out, name);
	if (!status)
		status = draw(p, &out);
	if (!status)
		status = zsim_outfile_commit(&out);
	zsim_outfile_discard(&out);
	return status;
}

static bool has_format(const char *name)
{
	size_t n = strlen(name);

	return is_svg(name) || (n > 4 && !strcmp(name + n - 4, ".png"));
}

int zsim_sweep_plot(const struct zsim_sweep_args *args)
{
	const char *columns[] = { args->plot_x, args->plot_y, args->plot_by };
	struct plot p = { .args = args };
	char why[ZSIM_WHY];
	int status = ZSIM_EXIT_OK;

	if (!args->output || !has_format(args->output))
		return zsim_complain("zsim-sweep: --plot needs --output NAME.png or NAME.svg");
	if (zsim_sweep_table_read(&p.table, args->results, columns, args->plot_by ? 3 : 2, why))
		status = zsim_complain("%s", why);
	if (!status)
		status = values_check(&p);
	if (!status)
		status = lines_find(&p);
	if (!status)
		status = plot_to(&p);
	zsim_sweep_table_free(&p.table);
	return status;
}
