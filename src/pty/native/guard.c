/*
 * Gives the user's terminal back when the camera dies without doing so itself (SIGKILL, out of memory).
 *
 *   guard MODES      descriptor 0: a pipe from the camera, descriptor 1: the user's terminal
 *
 * One byte on the pipe means that the camera has restored the terminal itself; an end without it means that it is dead.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Leaves what a full-screen program may have switched on: mouse reports, bracketed paste, focus reports, kitty
   keyboard, synchronized output, the alternate screen, a hidden cursor, colours. */
static const char RESET[] =
    "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l\033[<u\033[?2026l\033[?1049l\033[?25h\033[0m\r\n";

int main(int argc, char **argv) {
  struct termios modes;
  unsigned char *out = (unsigned char *)&modes;
  if (argc != 2 || strlen(argv[1]) != 2 * sizeof modes) return 2;
  for (size_t i = 0; i < sizeof modes; i++) {
    unsigned int byte;
    if (sscanf(argv[1] + 2 * i, "%2x", &byte) != 1) return 2;
    out[i] = (unsigned char)byte;
  }
  for (int s = 1; s < 32; s++) signal(s, SIG_IGN);
  char byte;
  ssize_t n;
  do n = read(STDIN_FILENO, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n > 0) return 0;
  tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
  return write(STDOUT_FILENO, RESET, sizeof RESET - 1) < 0;
}
