/** The canonical JSON of a story's text. */
import { z } from "zod";

export type TextMark = { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> };
/** A ProseMirror node as JSON: `{type, attrs?, content?, marks?, text?}`. */
export type BodyNode = {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly content?: readonly BodyNode[] | undefined;
  readonly marks?: readonly TextMark[] | undefined;
  readonly text?: string | undefined;
};

export const BodyNode: z.ZodType<BodyNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    attrs: z.record(z.string(), z.unknown()).optional(),
    content: z.array(BodyNode).optional(),
    marks: z
      .array(z.object({ type: z.string(), attrs: z.record(z.string(), z.unknown()).optional() }))
      .optional(),
    text: z.string().optional(),
  }),
) as z.ZodType<BodyNode>;

/** The blocks of each field, canonical: marks and attributes sorted, no nulls, no block ids. */
export const StoryContent = z.object({
  headline: z.array(BodyNode),
  standfirst: z.array(BodyNode),
  body: z.array(BodyNode),
});
export type StoryContent = z.infer<typeof StoryContent>;
