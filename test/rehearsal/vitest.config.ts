import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** `npm run rehearse`: real agents against a scripted model. Not part of `npm test`: it installs the agents first. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, "../.."),
    include: ["test/rehearsal/*.rehearsal.ts"],
    globalSetup: ["test/rehearsal/setup.ts"],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    // Agents start many processes of their own; on two cores more at once would only wait for each other.
    maxWorkers: 2,
  },
});
