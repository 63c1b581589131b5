/*
 * What a terminal can do and Node has no words for: its modes (termios), its size with pixels, reading without an
 * exception for "nothing there yet", a descriptor of one's own, and whether a child has stopped.
 *
 * Every function returns a number, 0 or more for success and -errno for failure, or undefined where it says so.
 */
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MAX_ARGS 5

static int32_t int_arg(napi_env env, napi_value value) {
  int32_t n = -1;
  napi_get_value_int32(env, value, &n);
  return n;
}

static napi_value number(napi_env env, int64_t n) {
  napi_value out;
  napi_create_int64(env, n, &out);
  return out;
}

static napi_value undefined(napi_env env) {
  napi_value out;
  napi_get_undefined(env, &out);
  return out;
}

static size_t args(napi_env env, napi_callback_info info, napi_value *argv) {
  size_t argc = MAX_ARGS;
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  return argc;
}

/* The bytes of a Buffer or Uint8Array argument. */
static uint8_t *bytes(napi_env env, napi_value value, size_t *length) {
  void *data = NULL;
  *length = 0;
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset;
  if (napi_get_typedarray_info(env, value, &type, length, &data, &buffer, &offset) != napi_ok) *length = 0;
  return data;
}

/* read(fd, bytes, offset, length): bytes read, 0 at the end. */
static napi_value js_read(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  size_t size;
  uint8_t *data = bytes(env, argv[1], &size);
  int32_t offset = int_arg(env, argv[2]), length = int_arg(env, argv[3]);
  if (offset < 0 || length < 0 || (size_t)offset + (size_t)length > size) return number(env, -EINVAL);
  ssize_t n;
  do n = read(int_arg(env, argv[0]), data + offset, (size_t)length);
  while (n < 0 && errno == EINTR);
  return number(env, n < 0 ? -errno : n);
}

/* write(fd, bytes, offset, length): bytes written. */
static napi_value js_write(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  size_t size;
  uint8_t *data = bytes(env, argv[1], &size);
  int32_t offset = int_arg(env, argv[2]), length = int_arg(env, argv[3]);
  if (offset < 0 || length < 0 || (size_t)offset + (size_t)length > size) return number(env, -EINVAL);
  ssize_t n;
  do n = write(int_arg(env, argv[0]), data + offset, (size_t)length);
  while (n < 0 && errno == EINTR);
  return number(env, n < 0 ? -errno : n);
}

/* duplicate(fd): a new descriptor, not inherited by children. */
static napi_value js_duplicate(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  int fd = fcntl(int_arg(env, argv[0]), F_DUPFD_CLOEXEC, 3);
  return number(env, fd < 0 ? -errno : fd);
}

/* keepFromChildren(fd): sets close-on-exec. */
static napi_value js_keep_from_children(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  return number(env, fcntl(int_arg(env, argv[0]), F_SETFD, FD_CLOEXEC) < 0 ? -errno : 0);
}

/* modes(fd): the terminal's modes as an opaque Buffer, or undefined when it is no terminal. */
static napi_value js_modes(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS], out;
  args(env, info, argv);
  struct termios modes;
  memset(&modes, 0, sizeof modes);
  if (tcgetattr(int_arg(env, argv[0]), &modes) < 0) return undefined(env);
  napi_create_buffer_copy(env, sizeof modes, &modes, NULL, &out);
  return out;
}

/* setModes(fd, modes): takes what modes() gave; waits for nothing. */
static napi_value js_set_modes(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  size_t size;
  uint8_t *data = bytes(env, argv[1], &size);
  if (size != sizeof(struct termios)) return number(env, -EINVAL);
  int done;
  do done = tcsetattr(int_arg(env, argv[0]), TCSANOW, (const struct termios *)data);
  while (done < 0 && errno == EINTR);
  return number(env, done < 0 ? -errno : 0);
}

/* rawModes(modes): the same terminal with every translation off, in both directions. */
static napi_value js_raw_modes(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS], out;
  args(env, info, argv);
  size_t size;
  uint8_t *data = bytes(env, argv[0], &size);
  if (size != sizeof(struct termios)) return undefined(env);
  struct termios modes;
  memcpy(&modes, data, sizeof modes);
  cfmakeraw(&modes);
  napi_create_buffer_copy(env, sizeof modes, &modes, NULL, &out);
  return out;
}

/* lineState(fd): 1 canonical, 2 echo, 4 signals (a sum), and the end-of-file character shifted left by 8. */
static napi_value js_line_state(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  struct termios modes;
  if (tcgetattr(int_arg(env, argv[0]), &modes) < 0) return number(env, -errno);
  int state = (modes.c_lflag & ICANON ? 1 : 0) | (modes.c_lflag & ECHO ? 2 : 0) | (modes.c_lflag & ISIG ? 4 : 0);
  return number(env, state | (int64_t)modes.c_cc[VEOF] << 8);
}

/* size(fd): [columns, rows, width, height], or undefined when it is no terminal. */
static napi_value js_size(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS], out;
  args(env, info, argv);
  struct winsize size;
  if (ioctl(int_arg(env, argv[0]), TIOCGWINSZ, &size) < 0) return undefined(env);
  napi_create_array_with_length(env, 4, &out);
  napi_set_element(env, out, 0, number(env, size.ws_col));
  napi_set_element(env, out, 1, number(env, size.ws_row));
  napi_set_element(env, out, 2, number(env, size.ws_xpixel));
  napi_set_element(env, out, 3, number(env, size.ws_ypixel));
  return out;
}

/* setSize(fd, columns, rows, width, height) */
static napi_value js_set_size(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  struct winsize size = {
      .ws_col = (unsigned short)int_arg(env, argv[1]),
      .ws_row = (unsigned short)int_arg(env, argv[2]),
      .ws_xpixel = (unsigned short)int_arg(env, argv[3]),
      .ws_ypixel = (unsigned short)int_arg(env, argv[4]),
  };
  return number(env, ioctl(int_arg(env, argv[0]), TIOCSWINSZ, &size) < 0 ? -errno : 0);
}

/* hasStopped(pid): the signal that stopped this child, 0 when it is not (newly) stopped. Leaves its exit alone. */
static napi_value js_has_stopped(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  siginfo_t state;
  memset(&state, 0, sizeof state);
  if (waitid(P_PID, (id_t)int_arg(env, argv[0]), &state, WSTOPPED | WNOHANG) < 0) return number(env, -errno);
  return number(env, state.si_pid != 0 && state.si_code == CLD_STOPPED ? state.si_status : 0);
}

/* waiting(fd, milliseconds): how many bytes can be read, after waiting for the first. 0 at the end, too. */
static napi_value js_waiting(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  int fd = int_arg(env, argv[0]), count = 0;
  struct pollfd input = {.fd = fd, .events = POLLIN};
  poll(&input, 1, int_arg(env, argv[1]));
  return number(env, ioctl(fd, FIONREAD, &count) < 0 ? -errno : count);
}

/* makePipe(path): a named pipe that only this user can open. */
static napi_value js_make_pipe(napi_env env, napi_callback_info info) {
  napi_value argv[MAX_ARGS];
  args(env, info, argv);
  char path[4096];
  size_t length;
  napi_get_value_string_utf8(env, argv[0], path, sizeof path, &length);
  return number(env, mkfifo(path, 0600) < 0 ? -errno : 0);
}

static napi_value start(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"read", js_read},
      {"write", js_write},
      {"duplicate", js_duplicate},
      {"keepFromChildren", js_keep_from_children},
      {"modes", js_modes},
      {"setModes", js_set_modes},
      {"rawModes", js_raw_modes},
      {"lineState", js_line_state},
      {"size", js_size},
      {"setSize", js_set_size},
      {"hasStopped", js_has_stopped},
      {"waiting", js_waiting},
      {"makePipe", js_make_pipe},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}

NAPI_MODULE(terminal, start)
