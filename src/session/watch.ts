import { parentPort } from "node:worker_threads";

parentPort?.on("message", (m: { type: string }) => {
  if (m.type === "ended") parentPort?.postMessage({ type: "done" });
});
