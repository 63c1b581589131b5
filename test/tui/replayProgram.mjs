// Replays the session described by a JSON file on its own terminal, or prints its account. Run by the tests of the
// replay in a terminal of their making; needs dist/ (npm run build).
import { readFileSync } from "node:fs";
import { arraySource } from "../../dist/replay/eventSource.js";
import { openEvents, openReplay } from "../../dist/replay/openReplay.js";
import { plainAccount } from "../../dist/tui/plainAccount.js";
import { runReplay } from "../../dist/tui/runReplay.js";

const { events, flags, session, ...more } = JSON.parse(readFileSync(process.argv[2], "utf8"), (key, value) =>
  key === "data" && typeof value === "string" ? Buffer.from(value, "base64") : value,
);
const input = { source: arraySource(events), flags, session };

process.on("SIGUSR2", () => {
  throw new Error("a bug in the replay");
});
if (process.stdout.isTTY) {
  const { path, cache } = more;
  const open = () => (path === undefined ? openEvents(input.source, flags) : openReplay(path, cache, flags));
  const end = await runReplay({
    ...more,
    session,
    open,
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
  });
  process.stdout.write(`ended by ${end.by === "signal" ? end.signal : end.by}\n`);
} else process.stdout.write(plainAccount(input));
