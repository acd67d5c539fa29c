/** `/api/stories/:id/audit`, `/api/audit` and `/api/audit/head`. */
import { Hono } from "hono";
import { z } from "zod";
import type { RecordHead, RecordLine, RecordPage, RecordRow } from "@/domain/record/act";
import { hashBeforeAll } from "@/domain/record/chain";
import type { House } from "../house";
import type { ApiEnv, SignedIn } from "../http/env";
import { answerProblem, type Problem } from "../http/problem";
import { headOf, recordBefore, recordOf } from "./record-act";

export type RecordFromAbove = {
  /** Why this person may not read the story's record; null when they may. */
  readonly storyIsClosed: (who: SignedIn, storyId: string) => Promise<Problem | null>;
  /** Why this person may not read the newsroom's; null when they may. */
  readonly newsroomIsClosed: (who: SignedIn) => Problem | null;
  /** The names of these people; unknown ids are left out. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly name: string }>>;
};

const linesAPage = 100;
const Page = z.object({
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(linesAPage),
});

export function recordRoutes(house: House, above: RecordFromAbove): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  async function linesOf(rows: readonly RecordRow[]): Promise<RecordLine[]> {
    const names = await above.namesOf([...new Set(rows.flatMap((row) => row.personId ?? []))]);
    return rows.map((row) => ({
      ...row,
      personName: row.personId === null ? null : (names.get(row.personId)?.name ?? null),
    }));
  }

  routes.get("/api/stories/:id/audit", async (c) => {
    const storyId = c.req.param("id");
    const problem = await above.storyIsClosed(c.get("signedIn"), storyId);
    if (problem) return answerProblem(c, problem);
    return c.json(await linesOf(await recordOf(house.db, { storyId })));
  });

  routes.get("/api/audit", async (c) => {
    const problem = above.newsroomIsClosed(c.get("signedIn"));
    if (problem) return answerProblem(c, problem);
    const page = Page.safeParse(c.req.query());
    if (!page.success) {
      return answerProblem(c, {
        status: 422,
        code: "wrong-form",
        sentence: "The record is paged by before (a row's number) and limit (1 to 500).",
      });
    }
    const { before = null, limit } = page.data;
    const rows = await recordBefore(house.db, { before, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const answer: RecordPage = {
      lines: await linesOf(shown),
      next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
    };
    return c.json(answer);
  });

  routes.get("/api/audit/head", async (c) => {
    const head: RecordHead = (await headOf(house.db)) ?? { seq: 0, hash: hashBeforeAll };
    return c.json(head);
  });

  return routes;
}
