import { z } from "zod";

/** The three parts of a story's text: each an XmlFragment of its Y.Doc under this name. */
export const fields = ["headline", "standfirst", "body"] as const;
export const Field = z.enum(fields);
export type Field = z.infer<typeof Field>;

/**
 * [AN1] Where an anchor's words stand: `anchored` the same words in place, `moved` the same words found elsewhere,
 * `changed` other words in its place, `orphaned` gone.
 */
export const anchorStates = ["anchored", "moved", "changed", "orphaned"] as const;
export const AnchorState = z.enum(anchorStates);
export type AnchorState = z.infer<typeof AnchorState>;
