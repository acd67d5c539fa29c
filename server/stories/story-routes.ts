/** `/api/stories`: the desk, a new story, one story and what stands beside its text. */
import { Hono, type Context } from "hono";
import { z } from "zod";
import { Id } from "@/domain/people/person";
import { isRefused } from "@/domain/refusal";
import { Status, StoryChange, StoryStart } from "@/domain/stories/story";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { answerProblem, readBody } from "../http/problem";
import { changeStory } from "./change-story";
import { deskOf } from "./desk-of";
import { startStory } from "./start-story";
import type { StoryFromAbove } from "./story-from-above";
import { storyOf } from "./story-of";
import { storyProblem } from "./story-problems";

/** `status` may name several, with commas; `assignee` may be `me`. */
const Filter = z.object({
  status: z.array(Status),
  q: z.string().max(500).optional(),
  assignee: z.union([z.literal("me"), Id]).optional(),
});

export function storyRoutes(house: House, above: StoryFromAbove): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  routes.get("/api/stories", async (c) => {
    const given = Filter.safeParse({
      status: (c.req.queries("status") ?? []).flatMap((value) => value.split(",")).filter(Boolean),
      q: c.req.query("q"),
      assignee: c.req.query("assignee") || undefined,
    });
    if (!given.success) {
      const field = String(given.error.issues[0]?.path[0] ?? "");
      return answerProblem(c, {
        status: 422,
        code: "wrong-form",
        sentence: `The filter ${field} is not right.`,
        more: { field },
      });
    }
    const { person } = c.get("signedIn");
    const { status, q, assignee } = given.data;
    const filter = {
      statuses: status.length > 0 ? status : undefined,
      q,
      assignee: assignee === "me" ? person.id : assignee,
    };
    return c.json(await deskOf(house, above, person, filter));
  });

  routes.post("/api/stories", async (c) => {
    const body = await readBody(c, StoryStart);
    if ("problem" in body) return answerProblem(c, body.problem);
    const started = await startStory(house, above, c.get("signedIn").person, body.value);
    if (isRefused(started)) return answerProblem(c, storyProblem(started.refused));
    return answerStory(c, started.id, 201);
  });

  routes.get("/api/stories/:id", (c) => answerStory(c, c.req.param("id"), 200));

  routes.patch("/api/stories/:id", async (c) => {
    const body = await readBody(c, StoryChange);
    if ("problem" in body) return answerProblem(c, body.problem);
    const { person } = c.get("signedIn");
    const changed = await changeStory(house, above, person, c.req.param("id"), body.value);
    if (isRefused(changed)) return answerProblem(c, storyProblem(changed.refused));
    return answerStory(c, changed.id, 200);
  });

  async function answerStory(c: Context<ApiEnv>, storyId: string, status: 200 | 201): Promise<Response> {
    const story = await storyOf(house, above, c.get("signedIn").person, storyId);
    return story ? c.json(story, status) : answerProblem(c, storyProblem("no-such-story"));
  }
  return routes;
}
