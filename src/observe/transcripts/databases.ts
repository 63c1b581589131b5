import { messageOf } from "../../core/errors.js";
import type { Conversation, DatabaseAgent, DatabaseReader } from "./agent.js";
import type { News } from "./files.js";
import { DatabaseFollower } from "./followDatabase.js";
import type { Runs } from "./runs.js";

/** Transcripts in databases: finds the conversations of the session in them, and follows those. */
export class Databases {
  readonly #runs: Runs;
  readonly #since: number;
  readonly #open: ((path: string) => DatabaseReader) | undefined;
  readonly #news: News;
  readonly #followers = new Map<string, DatabaseFollower>();
  readonly #unclear = new Set<string>();

  constructor(runs: Runs, since: number, open: ((path: string) => DatabaseReader) | undefined, news: News) {
    this.#runs = runs;
    this.#since = since;
    this.#open = open;
    this.#news = news;
  }

  async poll(force: boolean): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    for (const run of [...this.#runs.all]) {
      if (run.agent.store !== "database") continue;
      for (const path of await run.agent.databases(run.place))
        if (!this.#followers.has(path))
          this.#followers.set(path, new DatabaseFollower(run.agent, path, this.#since, open));
    }
    for (const follower of this.#followers.values()) {
      try {
        this.#news.told(await follower.poll((changed) => this.#choose(follower, changed), force));
      } catch (error) {
        const { agent, path } = follower;
        this.#news.says("failed", `${path} of ${agent.name} could not be read: ${messageOf(error)}`);
      }
    }
  }

  get transcripts(): readonly { agent: string; path: string; conversations: readonly string[] }[] {
    return [...this.#followers.values()]
      .filter((follower) => follower.conversations.length > 0)
      .map(({ agent, path, conversations }) => ({ agent: agent.name, path, conversations }));
  }

  close(): void {
    for (const follower of this.#followers.values()) follower.close();
  }

  #choose(follower: DatabaseFollower, changed: readonly Conversation[]): void {
    const { agent, path } = follower;
    const matches = changed.filter((one) => !follower.has(one.session) && !this.#unclear.has(one.session));
    const roots = matches.filter((one) => this.#runOf(agent, one) !== undefined);
    const free = this.#runs.all.filter((run) => run.agent === agent && run.conversation === undefined).length;
    for (const one of roots) {
      const run = this.#runOf(agent, one);
      if (roots.length > free || run === undefined) {
        this.#unclear.add(one.session);
        this.#news.says(
          "failed",
          `conversation ${one.session} of ${agent.name} is from the same folder and time, and it can't be told whose: it is left out`,
        );
        continue;
      }
      run.conversation = one.session;
      follower.follow(one.session);
      this.#news.says("on", `conversation ${one.session} of ${agent.name} is followed in ${path}`);
    }
    // A subagent can have subagents; each comes after what started it.
    for (const one of matches)
      if (one.parent !== undefined && follower.has(one.parent)) follower.follow(one.session);
  }

  #runOf(agent: DatabaseAgent, one: Conversation): ReturnType<Runs["match"]> {
    return this.#runs.match(agent, (place) => ({ ...one, here: place.cwds.includes(one.directory) }));
  }
}
