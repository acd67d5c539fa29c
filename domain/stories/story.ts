/** A story as the desk and the story page see it: the wire shapes of `/api/stories`. */
import { z } from "zod";
import { Id, Instant } from "../people/person";

export const statuses = ["draft", "checking", "approved", "published", "spiked"] as const;
export const Status = z.enum(statuses);
export type Status = z.infer<typeof Status>;

export const languages = ["en", "de", "sr", "bs", "sq"] as const;
export const Language = z.enum(languages);

/** [WF5] Lower-case letters, digits and single hyphens; unique; frozen at publication. */
export const Slug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

export const Dateline = z.strictObject({
  place: z.string().trim().max(120),
  date: z.union([z.iso.date(), z.literal("")]),
});
export type Dateline = z.infer<typeof Dateline>;
export const Byline = z.array(z.string().trim().min(1).max(120)).max(20);

/** What a story starts with: `POST /api/stories`. */
export const StoryStart = z.strictObject({
  headline: z.string().trim().max(300),
  standfirst: z.string().trim().max(2000).optional(),
  slug: Slug.optional(),
  dateline: Dateline.optional(),
  byline: Byline.optional(),
  lang: Language.optional(),
  body: z
    .strictObject({ format: z.enum(["text", "markdown", "html"]), content: z.string().max(2_000_000) })
    .optional(),
});
export type StoryStart = z.infer<typeof StoryStart>;

/** What may be changed beside the text: `PATCH /api/stories/:id`. A field left out stays as it is. */
export const StoryChange = z.strictObject({
  slug: Slug.optional(),
  dateline: Dateline.optional(),
  byline: Byline.optional(),
  lang: Language.optional(),
  deadline: Instant.nullable().optional(),
  private: z.boolean().optional(),
  /** Person ids named on the story: who may see it while it is private. */
  people: z.array(Id).max(200).optional(),
});
export type StoryChange = z.infer<typeof StoryChange>;

const named = z.object({ id: Id, name: z.string() });
export type Named = z.infer<typeof named>;

/** A row of the desk: `GET /api/stories`. */
export const DeskStory = z.object({
  id: Id,
  slug: z.string(),
  status: Status,
  headline: z.string(),
  dateline: Dateline,
  byline: z.array(z.string()),
  lang: Language,
  deadline: Instant.nullable(),
  private: z.boolean(),
  wordCount: z.int(),
  claims: z.object({ total: z.int(), left: z.int() }),
  /** Who has the story open now. */
  here: z.array(named),
  assignees: z.array(Id),
  updatedAt: Instant,
  updatedBy: named.nullable(),
});
export type DeskStory = z.infer<typeof DeskStory>;

/** One story whole: `GET /api/stories/:id`. */
export const Story = z.object({
  ...DeskStory.shape,
  standfirst: z.string(),
  /** The body as plain text (BO12). */
  text: z.string(),
  /** BO13, of the committed text. */
  contentHash: z.string(),
  startedBy: named,
  createdAt: Instant,
  /** Who wrote in it. */
  authors: z.array(named),
  /** Who is named on it. */
  people: z.array(named),
  approval: z.object({ by: named, at: Instant, contentHash: z.string(), version: z.int() }).nullable(),
  /** The last approval that lapsed and was not renewed: the words that did it, and their writer (WF2). */
  lapsed: z
    .object({ at: Instant, by: named.nullable(), was: z.string(), now: z.string(), approvedBy: named })
    .nullable(),
  publication: z
    .object({ slug: z.string(), version: z.int(), at: Instant, by: named, contentHash: z.string() })
    .nullable(),
  /** The store's epoch (BO10), for the socket. */
  epoch: z.string(),
});
export type Story = z.infer<typeof Story>;

/**
 * What `/events` pushes: only about stories the person may see. After a (re)connect and after `missed` the page
 * fetches anew (RE3).
 */
export const LiveEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("story"), storyId: Id }),
  z.object({ type: z.literal("presence"), storyId: Id, here: z.array(named) }),
  /** Claims, verdicts, evidence, comments, waivers or places changed; without ids: fetch them all. */
  z.object({ type: z.literal("claims"), storyId: Id, claimIds: z.array(Id).optional() }),
  z.object({ type: z.literal("versions"), storyId: Id }),
  z.object({ type: z.literal("emptied"), storyId: Id, by: named, version: z.int() }),
  z.object({ type: z.literal("people") }),
  z.object({ type: z.literal("missed") }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** [RE3] Whoever looks at this story alone is told what is of it, and what is of none; undefined: at none. */
export const isToldTo = (event: LiveEvent, storyId: string | undefined): boolean =>
  !("storyId" in event) || event.storyId === storyId;
