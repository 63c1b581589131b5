#!/usr/bin/env node
// Makes a fresh clone ready: installs what package-lock.json names and compiles what is older than its sources.
// Run by `npm test`, `npm run demo` and `npm run check`; does nothing when nothing is to be done.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** No step takes longer than a few minutes, unless it hangs. */
const PATIENCE_MS = 15 * 60_000;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const stamp = join(root, "node_modules", ".bodycam-lock");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`bodycam needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  run("Installing dependencies (the first time this takes a minute)", "npm", [
    "ci",
    "--no-audit",
    "--no-fund",
  ]);
  writeFileSync(stamp, lock);
}

const native = join(root, "src", "pty", "native");
const built = ["terminal.node", "launch", "guard"].map((name) => join(native, "build", "Release", name));
if (newest(native, /\.(c|gyp)$/) > oldest(built))
  run("Compiling the terminal part", "npm", ["run", "install"]);

if (newest(join(root, "src"), /\.tsx?$/) > oldest([join(root, "dist", "cli", "main.js")])) {
  run("Compiling", "npm", ["run", "build"]);
} else if (newest(join(root, "detectors"), /\.yml$/) > oldest([join(root, "dist", "detectors.prepared")])) {
  run("Preparing the detectors", process.execPath, ["bin/prepare.js"]);
}

function run(what, command, args) {
  console.error(`${what} …`);
  const stdio = ["ignore", "pipe", "pipe"];
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", stdio, timeout: PATIENCE_MS });
  if (result.status === 0) return;
  console.error(`${result.stdout ?? ""}${result.stderr ?? ""}`);
  if (result.error?.code === "ETIMEDOUT") console.error("It took too long; is the package registry there?");
  console.error(`${what} failed: ${command} ${args.join(" ")}`);
  process.exit(1);
}

/** The time of the latest change among the files below `dir` whose names match. */
function newest(dir, names) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && names.test(entry.name) && !entry.parentPath.includes("build"))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

function oldest(files) {
  return Math.min(...files.map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0)));
}
