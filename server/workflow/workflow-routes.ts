/** The gate, the moves and the waivers. */
import { Hono } from "hono";
import type { Person } from "@/domain/people/person";
import { isRefused } from "@/domain/refusal";
import type { Story } from "@/domain/stories/story";
import { gate } from "@/domain/workflow/gate";
import { MoveGiven, WaiverGiven } from "@/domain/workflow/workflow";
import { claimProblem } from "../claims/claim-problems";
import { readClaims } from "../claims/read-claims";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { answerProblem, readBody } from "../http/problem";
import { storyProblem } from "../stories/story-problems";
import { type MoveFromAbove, moveStory } from "./move-story";
import { waiveBlocker } from "./waive-blocker";
import { workflowProblem } from "./workflow-problems";

export type WorkflowRoutesNeed = MoveFromAbove & {
  /** The whole story; null when there is none for this person. */
  readonly storyOf: (person: Person, storyId: string) => Promise<Story | null>;
  /** The same but for its claims, which the gate reads itself. */
  readonly uncountedStoryOf: (person: Person, storyId: string) => Promise<Omit<Story, "claims"> | null>;
};

export function workflowRoutes(house: House, given: WorkflowRoutesNeed): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  routes.get("/api/stories/:id/gate", async (c) => {
    const { person } = c.get("signedIn");
    const story = await given.uncountedStoryOf(person, c.req.param("id"));
    const claims = story && (await readClaims(house, person, story.id));
    return claims ? c.json(gate(story, claims)) : answerProblem(c, storyProblem("no-such-story"));
  });

  routes.post("/api/stories/:id/moves", async (c) => {
    const body = await readBody(c, MoveGiven);
    if ("problem" in body) return answerProblem(c, body.problem);
    const { person } = c.get("signedIn");
    const moved = await moveStory(house, given, person, c.req.param("id"), body.value);
    if (isRefused(moved)) {
      const problem = workflowProblem(moved.refused);
      return answerProblem(
        c,
        "blockers" in moved ? { ...problem, more: { blockers: moved.blockers } } : problem,
      );
    }
    const story = await given.storyOf(person, c.req.param("id"));
    return story ? c.json(story) : answerProblem(c, storyProblem("no-such-story"));
  });

  routes.post("/api/claims/:id/waivers", async (c) => {
    const body = await readBody(c, WaiverGiven);
    if ("problem" in body) return answerProblem(c, body.problem);
    const claim = await waiveBlocker(house, c.get("signedIn").person, c.req.param("id"), body.value);
    return isRefused(claim) ? answerProblem(c, claimProblem(claim.refused)) : c.json(claim, 201);
  });
  return routes;
}
