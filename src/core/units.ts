/** Microseconds since the session started, on the recorder's monotonic clock. */
export type Micros = number & { readonly unit: "micros" };

/** A position in a file or in a stream of bytes, counted from 0. */
export type ByteOffset = number & { readonly unit: "byte-offset" };

/** The place of a frame in its recording, counted from 0. */
export type Seq = number & { readonly unit: "seq" };

export const micros = (n: number): Micros => n as Micros;
export const byteOffset = (n: number): ByteOffset => n as ByteOffset;
export const seq = (n: number): Seq => n as Seq;

/** A session's id: a random UUID in lower case; people see and type its first characters. */
export type SessionId = string & { readonly unit: "session-id" };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether `text` has the form of a session id. */
export const isSessionId = (text: string): text is SessionId => UUID.test(text);

/** The short form of a session id that people read. */
export const shortId = (id: SessionId): string => id.slice(0, 8);
