import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: tests that run real sessions would only wait for each other beyond this.
    maxWorkers: 2,
  },
});
