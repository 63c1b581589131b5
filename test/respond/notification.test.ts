import { describe, expect, it } from "vitest";
import { notification } from "../../src/respond/notification.js";

describe("a notification", () => {
  it("rings the bell and speaks both of the terminals' languages", () => {
    expect(Buffer.from(notification("The agent did it.", false)).toString()).toBe(
      "\x07\x1b]9;bodycam: The agent did it.\x1b\\\x1b]777;notify;bodycam;The agent did it.\x1b\\",
    );
  });

  it("is wrapped for tmux", () => {
    expect(Buffer.from(notification("Done.", true)).toString()).toContain(
      "\x1bPtmux;\x1b\x1b]9;bodycam: Done.\x1b\x1b\\\x1b\\",
    );
  });

  it("can't be broken out of by a rule's own text", () => {
    const text = Buffer.from(notification("a\x07\x1b]52;c;evil\x1b\\;b", false)).toString();
    expect(text.match(/\x1b\]/g)).toHaveLength(2);
    expect(text.match(/\x07/g)).toHaveLength(1);
  });
});
