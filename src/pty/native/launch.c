/*
 * The last step between the camera and the agent: `launch MODES SWITCHES STDIN FILE ARG0 [ARG…]`.
 *
 * It runs as the first process of the session's terminal, makes that terminal as the user's own is, and then becomes
 * the agent (exec): the agent stays the direct child of the camera.
 *
 *   MODES     the terminal's modes (struct termios) in hexadecimal, or "-" to leave them as they are
 *   SWITCHES  any of "e" (keys are not echoed) and "o" (output is not translated: LF stays LF), or "-"
 *   STDIN     "-" to read from the terminal, else the path of a named pipe to read from
 *   FILE      what to run, with ARG0… as its arguments
 *
 * Why not exec the agent at once: a process whose parent is in another session can't be stopped by Ctrl-Z. The kernel
 * drops SIGTSTP for an "orphaned" process group (POSIX, 2.4.3; kernel/exit.c will_become_orphaned_pgrp), and every
 * first process of a terminal is one. A group stops being orphaned as soon as one of its members has a parent in the
 * same session but in another group. So we leave such a pair behind: a keeper in a group of its own, and its child, the
 * anchor, in the agent's group. Both only sleep until the terminal goes away.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

static int from_hex(struct termios *modes, const char *hex) {
  unsigned char *out = (unsigned char *)modes;
  if (strlen(hex) != 2 * sizeof *modes) return 0;
  for (size_t i = 0; i < sizeof *modes; i++) {
    unsigned int byte;
    if (sscanf(hex + 2 * i, "%2x", &byte) != 1) return 0;
    out[i] = (unsigned char)byte;
  }
  return 1;
}

static void set_modes(const char *hex, const char *switches) {
  struct termios modes;
  if (!from_hex(&modes, hex) && tcgetattr(STDIN_FILENO, &modes) < 0) return;
  if (strchr(switches, 'e')) modes.c_lflag &= ~(ECHO | ECHOE | ECHOK | ECHONL);
  if (strchr(switches, 'o')) modes.c_oflag &= ~OPOST;
  tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static void name(const char *what) {
#ifdef __linux__
  prctl(PR_SET_NAME, what);
#else
  (void)what;
#endif
}

/* Sleeps until the terminal is closed by the camera. */
static void sleep_until_hangup(void) {
  struct pollfd terminal = {.fd = STDIN_FILENO, .events = 0};
  for (;;) {
    if (poll(&terminal, 1, -1) > 0) _exit(0);
    if (errno != EINTR) _exit(0);
  }
}

static void ignore_keys(void) {
  static const int keys[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) signal(keys[i], SIG_IGN);
}

/* Leaves the keeper and the anchor behind. The keeper is not the agent's child: the agent must not find one. */
static void leave_anchor(void) {
  pid_t group = getpid();
  pid_t middle = fork();
  if (middle < 0) return;
  if (middle > 0) {
    while (waitpid(middle, NULL, 0) < 0 && errno == EINTR) continue;
    return;
  }
  int ready[2];
  if (pipe(ready) < 0) _exit(0);
  pid_t keeper = fork();
  if (keeper != 0) { /* the middle process: waits until the pair stands, and ends */
    char byte;
    close(ready[1]);
    while (read(ready[0], &byte, 1) < 0 && errno == EINTR) continue;
    _exit(0);
  }
  close(ready[0]);
  dup2(STDIN_FILENO, STDOUT_FILENO);
  dup2(STDIN_FILENO, STDERR_FILENO);
  setpgid(0, 0);
  ignore_keys();
  if (chdir("/") < 0) _exit(0);
  pid_t anchor = fork();
  if (anchor < 0) _exit(0);
  if (anchor == 0) {
    setpgid(0, group);
    close(ready[1]);
    name("bodycam-anchor");
    sleep_until_hangup();
  }
  setpgid(anchor, group);
  close(ready[1]);
  name("bodycam-keeper");
  while (waitpid(anchor, NULL, 0) < 0 && errno == EINTR) continue;
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "launch is a part of bodycam and not run by hand\n");
    return 125;
  }
  const char *modes = argv[1], *switches = argv[2], *source = argv[3], *file = argv[4];
  set_modes(modes, switches);
  leave_anchor();
  if (strcmp(source, "-") != 0) {
    int input = open(source, O_RDONLY);
    if (input < 0 || dup2(input, STDIN_FILENO) < 0) {
      fprintf(stderr, "bodycam: cannot pass standard input on: %s\n", strerror(errno));
      return 125;
    }
    if (input != STDIN_FILENO) close(input);
    unlink(source);
  }
  execvp(file, argv + 5);
  fprintf(stderr, "bodycam: cannot run %s: %s\n", file, strerror(errno));
  return errno == ENOENT ? 127 : 126;
}
