import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratch } from "./support.js";

/** Whether this machine lets a test mount a small disk: Linux, and the right to do so. */
export const canMount = ((): boolean => {
  const dir = "/tmp/bodycam-mount-probe";
  try {
    mkdirSync(dir, { recursive: true });
    mount(dir, 1);
    execFileSync("umount", [dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

function mount(dir: string, megabytes: number): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700`, "tmpfs", dir], {
    stdio: "ignore",
  });
}

/** A directory on a disk of its own that is so small. */
export function smallDisk(megabytes: number): string {
  const dir = join(scratch(), "disk");
  mkdirSync(dir);
  mount(dir, megabytes);
  onTestFinished(() => {
    execFileSync("umount", ["-l", dir], { stdio: "ignore" });
  });
  return dir;
}
