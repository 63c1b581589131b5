import type { TranscriptPiece } from "../core/event.js";

/** Tells the transcripts of a session apart: each file or conversation has a number, from 1 on, in order. */
export class TranscriptNumbers {
  readonly #numbers = new Map<string, number>();

  of({ agent, path, conversation }: TranscriptPiece): number {
    const key = JSON.stringify([agent, path, conversation ?? ""]);
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** What a transcript is called in a bundle: never by its recorded path, which may be anything. */
export function transcriptName({ agent, path, conversation }: TranscriptPiece, number: number): string {
  const safe = agent.replace(/[^a-z0-9]+/gi, "-").slice(0, 24) || "agent";
  const ending =
    conversation === undefined ? (/\.(jsonl|json|jsonl\.zst)$/.exec(path)?.[0] ?? ".txt") : ".jsonl";
  return `transcript-${number}-${safe}${ending}`;
}
