import { userInfo } from "node:os";

/** The name of the user who runs this. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in many containers.
    return String(process.getuid?.() ?? "");
  }
}
