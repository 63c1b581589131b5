// Records numbered lines as fast as it can until it is killed, or until the count given is reached.
// Tells on stdout, line by line, how many bytes of the file are committed.
import { startClock } from "../../dist/core/clock.js";
import { temporarySigner } from "../../dist/recording/keys.js";
import { RecordingWriter } from "../../dist/recording/writer.js";

const [path, lines = "Infinity"] = process.argv.slice(2);
const writer = RecordingWriter.create({
  path,
  session: "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11",
  startedAt: Date.now() * 1000,
  clock: startClock(),
  signer: temporarySigner(),
  meta: {
    command: ["recorder"],
    cwd: "/",
    term: "dumb",
    size: { cols: 80, rows: 24, xpixel: 0, ypixel: 0 },
    user: "ada",
    host: "engine",
    platform: process.platform,
    recorder: { version: "0.1.0", pid: process.pid },
    terminal: { stdin: false, stdout: false },
    stdin: "pipe",
  },
  onCommit: ({ bytes }) => process.stdout.write(`${bytes}\n`),
});

let number = 0;
while (number < Number(lines)) {
  for (let i = 0; i < 200 && number < Number(lines); i++) {
    writer.appendOutput(Buffer.from(`line ${number++}\n`));
  }
  await writer.drained();
  await new Promise(setImmediate);
}
const ending = await writer.end({ by: "exit", code: 0 });
process.stdout.write(`${JSON.stringify({ intact: ending.intact, number })}\n`);
