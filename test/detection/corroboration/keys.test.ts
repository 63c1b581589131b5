import { expect, test } from "vitest";
import { normalLine } from "../../../src/detection/corroboration/keys.js";

test.each([
  ["/usr/bin/cp  /home/u/.ssh/id_rsa /tmp/x", "cp ~/.ssh/id_rsa /tmp/x"],
  ["cp /root/a b", "cp ~/a b"],
  ["cp /data/anna/.config/x/Cookies /tmp/x", "cp ~/.config/x/Cookies /tmp/x"],
  ["rm '/Users/u/Library/Application Support/x'", "rm '~/Library/Application Support/x'"],
  ["cat '/mnt/h/Documents/a b'", "cat '~/Documents/a b'"],
  ["cat a/root/x /usr/share/x", "cat a/root/x /usr/share/x"],
  ["rm -rf /srv/www", "rm -rf /srv/www"],
  ["cat ~/.ssh/id", "cat ~/.ssh/id"],
])("%s", (line, normal) => {
  expect(normalLine(line)).toBe(normal);
});

test("a long line takes no long time, whatever is in it", () => {
  for (const piece of ["/a", "/a.", "/home/", "/.", "/a/.", " /a-b@c"]) {
    expect(normalLine(piece.repeat(50_000)).length).toBeGreaterThan(0);
  }
});
