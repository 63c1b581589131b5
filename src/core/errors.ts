/** Every way in which bodycam itself can fail, apart from findings about a recording. */
export type ErrorCode =
  | "bad-usage"
  | "bad-rule"
  | "camera-start"
  | "catalogue"
  | "command-not-found"
  | "command-not-runnable"
  | "home-not-writable"
  | "io"
  | "no-session"
  | "not-a-recording"
  | "not-a-terminal"
  | "signing"
  | "unsupported-version";

/**
 * The one error type of bodycam. `message` says in one sentence what is wrong, `hint` what to do about it.
 * Only `cli/` turns it into text and an exit status.
 */
export class BodycamError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "BodycamError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** The `code` of a system error such as `ENOSPC`, or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What an unknown thrown value says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
