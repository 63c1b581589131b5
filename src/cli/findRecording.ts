import { existsSync } from "node:fs";
import { recordingPath } from "../core/home.js";
import { openLibrary } from "./openLibrary.js";

/** The recording that an argument means: a path when it is one, else a session's id or its beginning; nothing: the latest. */
export async function findRecording(argument: string | undefined): Promise<string> {
  if (argument !== undefined && (argument.includes("/") || existsSync(argument))) return argument;
  const library = await openLibrary();
  try {
    return recordingPath(library.home, library.find(argument).id);
  } finally {
    library.close();
  }
}
