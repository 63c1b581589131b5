/** The signals that a program can be sent and that end or steer it: the agent gets them as if it had been sent them. */
const PASSED_ON = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Calls `pass` for each signal that reaches the camera and is meant for the agent. Returns how to stop that. */
export function passSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const handlers = PASSED_ON.map((signal) => {
    const handler = () => pass(signal);
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}

/** How long to wait for SIGCONT before taking it that the stop was not possible (nobody could have continued us). */
const NOT_STOPPED_MS = 50;

/**
 * Stops the camera, and whatever was started together with it, as Ctrl-Z does; calls `resumed` when a shell continues
 * it. Where no shell could (an orphaned process group), the kernel drops the stop, and `resumed` is called right away.
 */
export function suspendSelf(resumed: () => void): void {
  const go = () => {
    clearTimeout(timer);
    process.off("SIGCONT", go);
    resumed();
  };
  const timer = setTimeout(go, NOT_STOPPED_MS);
  process.on("SIGCONT", go);
  process.kill(0, "SIGTSTP");
}
