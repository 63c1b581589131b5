// What looking behind the screen costs: the same work with `--observe auto` and with `--observe off`, in turns, as the
// ratio of wall times. `node bench/observe.mjs [rounds]`, after `npm run build`. The bar is 1.15.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BODYCAM = fileURLToPath(new URL("../bin/bodycam.js", import.meta.url));
const rounds = Number(process.argv[2] ?? 7);
const place = mkdtempSync(join(tmpdir(), "bodycam-bench-"));
process.on("exit", () => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

const put = (path, text) => {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
};

/** A C program of 60 files: each compiler run is three processes. */
function cProgram() {
  const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
  for (const name of names) {
    const body = Array.from(
      { length: 40 },
      (_, i) =>
        `int ${name}_${i}(int x) { char b[64]; snprintf(b, 64, "%d", x * ${i + 1}); return (int)strlen(b); }`,
    );
    put(`c/${name}.c`, `#include <stdio.h>\n#include <string.h>\n${body.join("\n")}\n`);
  }
  put("c/main.c", "int main(void) { return 0; }\n");
  const objects = ["main", ...names].map((name) => `${name}.o`).join(" ");
  put(
    "c/Makefile",
    `prog: ${objects}\n\tcc -o prog ${objects}\n%.o: %.c\n\tcc -O1 -c -o $@ $<\nclean:\n\trm -f *.o prog\n`,
  );
  return `cd ${place}/c && make -s clean && make -s prog`;
}

function gitStatus() {
  for (let i = 0; i < 100; i++) put(`repo/d${i % 10}/file${i}.txt`, `${i}\n`);
  const git = (...args) => execFileSync("git", ["-C", join(place, "repo"), ...args], { stdio: "ignore" });
  git("init", "-q");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all");
  return `cd ${place}/repo && i=0; while [ $i -lt 200 ]; do git status >/dev/null; i=$((i+1)); done`;
}

/** A project whose dependencies lie beside it, so that no network is measured; 40 of them with a script to run. */
function npmCi() {
  const names = Array.from({ length: 40 }, (_, i) => `dep${i}`);
  for (const name of names) {
    put(
      `npm/${name}/package.json`,
      JSON.stringify({ name, version: "1.0.0", scripts: { install: "node -e 0" } }),
    );
    for (let i = 0; i < 50; i++) put(`npm/${name}/lib/m${i}.js`, `module.exports = ${i};\n`);
    execFileSync("npm", ["pack", "--silent"], { cwd: join(place, "npm", name), stdio: "ignore" });
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:../${name}/${name}-1.0.0.tgz`]));
  put("npm/app/package.json", JSON.stringify({ name: "app", version: "1.0.0", dependencies }));
  const app = join(place, "npm", "app");
  execFileSync("npm", ["install", "--package-lock-only", "--silent"], { cwd: app, stdio: "ignore" });
  return `cd ${app} && npm ci --silent --no-audit --no-fund >/dev/null`;
}

const home = join(place, "home");
function wall(mode, script) {
  const timed = `s=$(date +%s%N); (${script}); e=$(date +%s%N); echo $(( (e - s) / 1000 )) > ${place}/took`;
  const ran = spawnSync(
    process.execPath,
    [BODYCAM, "run", "--quiet", "--observe", mode, "--", "sh", "-c", timed],
    {
      env: { ...process.env, BODYCAM_HOME: home, BODYCAM_SESSION: "" },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  if (ran.status !== 0) throw new Error(`ended with ${ran.status}: ${script}`);
  const took = Number(execFileSync("cat", [`${place}/took`], { encoding: "utf8" })) / 1000;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  return took;
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const works = { "C build": cProgram, "git status × 200": gitStatus, "npm ci": npmCi };
const only = process.argv[3];
for (const [name, make] of Object.entries(works)) {
  if (only !== undefined && !name.startsWith(only)) continue;
  const script = make();
  const took = { off: [], auto: [] };
  for (let round = -1; round < rounds; round++)
    for (const mode of round % 2 === 0 ? ["off", "auto"] : ["auto", "off"]) {
      const ms = wall(mode, script);
      if (round >= 0) took[mode].push(ms);
    }
  const [off, auto] = [took.off, took.auto].map(middle);
  // Neighbours in time share the machine's mood: the middle of their ratios is steadier than the ratio of the middles.
  const ratio = middle(took.off.map((ms, i) => took.auto[i] / ms));
  const fastest = Math.min(...took.auto) / Math.min(...took.off);
  console.log(
    `${name.padEnd(18)} off ${off.toFixed(0).padStart(6)} ms   auto ${auto.toFixed(0).padStart(6)} ms   × ${ratio.toFixed(3)}   fastest × ${fastest.toFixed(3)}`,
  );
}
