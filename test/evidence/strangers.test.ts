import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../recording/support.js";
import { bundleOf, out, recordSession, sessionId } from "./case.js";

const has = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args).error === undefined;
const hasUnzip = has("unzip", "-v") && has("sha256sum", "--version") && has("ssh-keygen", "-?");
const hasAsciinema = has("asciinema", "--version") && has("script", "--version");
const hasBagit = spawnSync("python3", ["-c", "import bagit"]).status === 0;
const chromium = ["chromium", "chromium-browser", "google-chrome"].find((name) => has(name, "--version"));

/** Things that a page must not take for its own, as a recording may hold them. */
const HOSTILE = [
  "</script><script>document.documentElement.dataset.pwned=1</script>",
  '<img src=x onerror="document.documentElement.dataset.pwned=1">',
  "\"'><svg onload=document.documentElement.dataset.pwned=1>",
  "<!--<script>",
  "]]>",
  "javascript:alert(1)",
  "\u202eevil\u2066 \u2028\u2029\ufeff",
  "&lt;b&gt; &amp;",
];

async function unpackedCase(): Promise<string> {
  const dir = scratch();
  const bodies = [
    out("\u001b[2J\u001b[H\u001b[31mbefore\u001b[0m\r\n"),
    ...HOSTILE.map((text) => out(`${text} flagged\r\n`)),
    out("\u001b[38;2;1;2;3mthe end\u001b[0m\r\n"),
  ];
  const session = await recordSession(dir, 1, bodies, { flagged: "flagged" });
  const hostile = session.flags.map((flag, i) => ({
    ...flag,
    rule: { ...flag.rule, title: HOSTILE[i] ?? "", sentence: `${HOSTILE[i]}` },
  }));
  writeFileSync(join(dir, "case.zip"), await bundleOf([{ ...session, flags: hostile }]));
  const unzipped = spawnSync("unzip", ["-q", "case.zip"], { cwd: dir, encoding: "utf8" });
  expect(unzipped.status, unzipped.stderr).toBe(0);
  const bag = readdirSync(dir).find((name) => name.startsWith("bodycam-"));
  if (bag === undefined) throw new Error("there is no bag in the zip");
  return join(dir, bag);
}

const folder = (bag: string): string => join(bag, "data", sessionId(1));

describe.skipIf(!hasUnzip)("strangers' tools on a bundle", () => {
  it("unzip, sha256sum and ssh-keygen, as VERIFY.txt says", async () => {
    const bag = await unpackedCase();
    const commands = readFileSync(join(bag, "VERIFY.txt"), "utf8");
    const sums = [...commands.matchAll(/^ +(sha256sum -c \S+)$/gm)].map((match) => match[1] as string);
    expect(sums).toHaveLength(2);
    const signed = /^ +(ssh-keygen -Y verify [\s\S]*?txt)$/m.exec(commands)?.[1] ?? "";
    expect(signed).toContain("allowed_signers");
    for (const command of [...sums, signed]) {
      const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: bag, encoding: "utf8" });
      expect(status, `${command}: ${stdout}${stderr}`).toBe(0);
    }
  });

  it.skipIf(!hasBagit)("a BagIt validator (python3's bagit)", async () => {
    const bag = await unpackedCase();
    expect(spawnSync("python3", ["-m", "bagit", "--validate", bag]).status).toBe(0);
  });

  it.skipIf(!hasAsciinema)("asciinema cat", async () => {
    const bag = await unpackedCase();
    // It wants a terminal, which script(1) gives it.
    const { stdout } = spawnSync("script", ["-qec", "asciinema cat session.v2.cast", "/dev/null"], {
      cwd: folder(bag),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(stdout).toContain("the end");
  });

  it.skipIf(chromium === undefined)(
    "Chromium opens the report, plays it, and runs nothing of it",
    async () => {
      const bag = await unpackedCase();
      const home = join(bag, "..", "chromium");
      mkdirSync(home);
      const open = (address: string): { dom: string; log: string } => {
        const { stdout, stderr } = spawnSync(
          chromium as string,
          [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            `--user-data-dir=${home}`,
            "--enable-logging=stderr",
            "--virtual-time-budget=10000",
            "--dump-dom",
            address,
          ],
          { encoding: "utf8", timeout: 50_000, maxBuffer: 64 * 1024 * 1024 },
        );
        return { dom: stdout, log: stderr };
      };
      const { dom, log } = open(`file://${folder(bag)}/report.html#flag-3`);
      expect(dom).toMatch(/<html[^>]* data-player="ready"/);
      expect(dom).toMatch(/<html[^>]* data-flag="3"/);
      expect(dom).not.toMatch(/<html[^>]* data-pwned/);
      expect(log.split("\n").filter((line) => line.includes("CONSOLE"))).toEqual([]);
      expect(dom).toContain("&lt;img src=x onerror=");
      expect(existsSync(join(folder(bag), "x"))).toBe(false);
    },
  );
});
