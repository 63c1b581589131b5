import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CoverageFact, ToolFact } from "../../../src/core/observation.js";
import {
  type Transcript,
  TranscriptObserver,
  type TranscriptOptions,
} from "../../../src/observe/transcripts/observer.js";
import { brief, fixture } from "./reading.js";

/** The minute in which the test runs: the fixtures are moved into it. */
const MINUTE = new Date().toISOString().slice(0, 16);

/** A home and a working directory of their own, and observers in them. */
export class Desk {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "bodycam-transcripts-")));
  readonly cwd = join(this.home, "my.shop");
  readonly startedAt = Date.parse(`${MINUTE}:00.000Z`);

  constructor() {
    mkdirSync(this.cwd);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** A fixture as this minute's, in this working directory. */
  text(name: string, cwd = this.cwd): string {
    return fixture(name).toString().replaceAll("2026-03-02T10:00", MINUTE).replaceAll("/home/ada/shop", cwd);
  }

  write(path: string, text: string | Uint8Array): string {
    const whole = join(this.home, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  }

  /** Where Codex writes today. */
  codexPath(name: string): string {
    const now = new Date();
    const two = (n: number): string => String(n).padStart(2, "0");
    const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("/");
    return `.codex/sessions/${day}/rollout-${name}.jsonl`;
  }

  claudePath(name: string): string {
    return `.claude/projects/${this.cwd.replaceAll(/[^a-zA-Z0-9]/g, "-")}/${name}`;
  }

  watch(command: readonly string[], more: Partial<TranscriptOptions> = {}): Watch {
    return new Watch({
      command,
      cwd: this.cwd,
      env: { HOME: this.home },
      startedAt: this.startedAt,
      onFact: () => undefined,
      onCoverage: () => undefined,
      ...more,
    });
  }
}

/** An observer, and what it has told. */
export class Watch {
  readonly facts: ToolFact[] = [];
  readonly coverage: CoverageFact[] = [];
  readonly observer: TranscriptObserver;
  #wake: () => void = () => undefined;

  constructor(options: TranscriptOptions) {
    this.observer = TranscriptObserver.start({
      ...options,
      onFact: (fact) => {
        this.facts.push(fact);
        this.#wake();
      },
      onCoverage: (fact) => {
        this.coverage.push(fact);
        this.#wake();
      },
    });
  }

  /** Waits until something told makes this true. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise<void>((resolve) => {
        // The observer itself keeps no program alive; a test that waits for it does.
        const alive = setInterval(() => undefined, 60_000);
        this.#wake = () => {
          clearInterval(alive);
          resolve();
        };
      });
  }

  get briefly(): readonly string[] {
    return this.facts.map(brief);
  }

  get trouble(): readonly string[] {
    return this.coverage.filter((fact) => fact.state === "failed").map((fact) => fact.detail);
  }

  stop(): Promise<readonly Transcript[]> {
    return this.observer.stop();
  }
}
