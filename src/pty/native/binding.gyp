{
  "target_defaults": {
    "cflags": ["-O2", "-Wall", "-Wextra", "-Wno-unused-parameter"],
    "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"]
  },
  "targets": [
    { "target_name": "terminal", "sources": ["terminal.c"] },
    { "target_name": "launch", "type": "executable", "sources": ["launch.c"] },
    { "target_name": "guard", "type": "executable", "sources": ["guard.c"] }
  ]
}
