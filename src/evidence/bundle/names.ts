/** The signed list of a bag's tag files, and so of everything in it. */
export const TAG_MANIFEST = "tagmanifest-sha256.txt";
export const SIGNATURE = `${TAG_MANIFEST}.sig`;
/** RFC 3161: what a time stamp was asked for, and the answer. Neither can be in a manifest: they come after it. */
export const STAMP_REQUEST = `${SIGNATURE}.tsq`;
export const STAMP_RESPONSE = `${SIGNATURE}.tsr`;
