import { BodycamError } from "../../core/errors.js";
import { findBag } from "../bagit/findBag.js";
import { SIGNATURE, STAMP_REQUEST, STAMP_RESPONSE } from "../bundle/names.js";
import { readSmall } from "../readSmall.js";
import { writeZip, type ZipEntry } from "../zip/writeZip.js";
import { openZip } from "../zip/zipContainer.js";
import { readStamp, type Stamp, stampRequest } from "./stamp.js";

/** A request for a time stamp over a bundle's signature. @throws BodycamError `bad-usage` when it has none */
export async function requestFor(path: string): Promise<Uint8Array> {
  return stampRequest((await signatureOf(path)).signature);
}

/**
 * The bundle again, with a time-stamp authority's response in it. All its other bytes stay the same.
 * @throws BodycamError `bad-usage` when the response is not for this bundle
 */
export async function withStamp(
  path: string,
  response: Uint8Array,
): Promise<{ readonly stamp: Stamp; readonly content: AsyncGenerator<Uint8Array, void> }> {
  const { base, signature } = await signatureOf(path);
  const stamp = readStamp(response, signature);
  if (typeof stamp === "string") {
    const why = {
      malformed: "it is no time stamp",
      refused: "it was refused",
      "other-data": "it is for another one",
    };
    throw new BodycamError("bad-usage", `That response is no time stamp for ${path}: ${why[stamp]}.`, {
      hint: "Send the request that belongs to this bundle: bodycam stamp BUNDLE",
    });
  }
  return { stamp, content: writeZip(entries(path, base, signature, response), 4) };
}

async function signatureOf(path: string): Promise<{ base: string; signature: Uint8Array }> {
  const container = await openZip(path);
  try {
    const { base } = findBag(container);
    if (container.faults.length > 0 || !container.files.has(base + SIGNATURE)) {
      throw new BodycamError("bad-usage", `${path} is not a signed bundle.`, {
        hint: `See what is wrong with: bodycam verify ${path}`,
      });
    }
    return { base, signature: await readSmall(container, base + SIGNATURE) };
  } finally {
    container.close();
  }
}

async function* entries(
  path: string,
  base: string,
  signature: Uint8Array,
  response: Uint8Array,
): AsyncGenerator<ZipEntry, void> {
  const container = await openZip(path);
  try {
    for (const name of container.files.keys()) {
      if (name === base + STAMP_REQUEST || name === base + STAMP_RESPONSE) continue;
      const stored = container.stored(name);
      yield { name, content: container.read(name), ...(stored !== undefined && { stored }) };
    }
    yield { name: base + STAMP_REQUEST, content: [stampRequest(signature)] };
    yield { name: base + STAMP_RESPONSE, content: [response] };
  } finally {
    container.close();
  }
}
