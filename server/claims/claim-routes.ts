/** `/api/stories/:id/claims` and `/api/claims/:id`: every act answers with the claim as it stands afterwards. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  AnchorGiven,
  AssigneeGiven,
  type Claim,
  ClaimChange,
  ClaimStart,
  CommentGiven,
  EvidenceGiven,
  VerdictGiven,
} from "@/domain/claims/claim";
import type { ClaimRefusal } from "@/domain/claims/claim-sentences";
import { Id, type Person } from "@/domain/people/person";
import type { MissingRight } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { answerProblem, readBody } from "../http/problem";
import { storyProblem } from "../stories/story-problems";
import { addEvidence } from "./add-evidence";
import { assignClaim } from "./assign-claim";
import { changeClaim } from "./change-claim";
import { claimProblem } from "./claim-problems";
import { commentOnClaim } from "./comment-on-claim";
import { judgeClaim } from "./judge-claim";
import { markClaim } from "./mark-claim";
import { moveAnchor } from "./move-anchor";
import { readClaim, readClaims } from "./read-claims";
import { removeClaim } from "./remove-claim";

/** Of a removal: it stands in the address, and blank is none. */
const Reason = z
  .string()
  .trim()
  .max(2000)
  .optional()
  .transform((reason) => reason || undefined);

const mostIds = 200;
/** Of claims, separated by commas. */
const Ids = z
  .string()
  .transform((ids) => ids.split(","))
  .pipe(z.array(Id).max(mostIds))
  .optional();

type ClaimAnswer = Claim | Refusal<ClaimRefusal | MissingRight>;

export function claimRoutes(house: House): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  routes.get("/api/stories/:id/claims", async (c) => {
    const removed = c.req.query("removed") === "1";
    const ids = Ids.safeParse(c.req.query("ids"));
    if (!ids.success) {
      const sentence = `At most ${String(mostIds)} ids of claims, separated by commas.`;
      return answerProblem(c, { status: 422, code: "wrong-form", sentence, more: { field: "ids" } });
    }
    const which = { removed, ids: ids.data };
    const claims = await readClaims(house, c.get("signedIn").person, c.req.param("id"), which);
    return claims ? c.json(claims) : answerProblem(c, storyProblem("no-such-story"));
  });

  routes.post("/api/stories/:id/claims", async (c) => {
    const body = await readBody(c, ClaimStart);
    if ("problem" in body) return answerProblem(c, body.problem);
    const claim = await markClaim(house, c.get("signedIn").person, c.req.param("id"), body.value);
    if (!isRefused(claim)) return c.json(claim, 201);
    if (claim.refused === "no-such-story") return answerProblem(c, storyProblem(claim.refused));
    return answerProblem(c, claimProblem(claim.refused));
  });

  routes.get("/api/claims/:id", async (c) => {
    const claim = await readClaim(house, c.get("signedIn").person, c.req.param("id"));
    return claim ? c.json(claim) : answerProblem(c, claimProblem("no-such-claim"));
  });

  routes.patch("/api/claims/:id", async (c) => {
    const body = await readBody(c, ClaimChange);
    if ("problem" in body) return answerProblem(c, body.problem);
    return answerClaim(
      c,
      await changeClaim(house, c.get("signedIn").person, c.req.param("id"), body.value),
      200,
    );
  });

  routes.delete("/api/claims/:id", async (c) => {
    const reason = Reason.safeParse(c.req.query("reason"));
    if (!reason.success) {
      const sentence = "The reason is longer than 2,000 characters.";
      return answerProblem(c, { status: 422, code: "wrong-form", sentence, more: { field: "reason" } });
    }
    const { person } = c.get("signedIn");
    return answerClaim(c, await removeClaim(house, person, c.req.param("id"), reason.data), 200);
  });

  function post<Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    act: (person: Person, claimId: string, given: z.infer<Schema>) => Promise<ClaimAnswer>,
  ): void {
    routes.post(`/api/claims/:id/${what}`, async (c) => {
      const body = await readBody(c, schema);
      if ("problem" in body) return answerProblem(c, body.problem);
      return answerClaim(c, await act(c.get("signedIn").person, c.req.param("id") ?? "", body.value), 201);
    });
  }
  post("verdicts", VerdictGiven, (person, id, given) => judgeClaim(house, person, id, given));
  post("evidence", EvidenceGiven, (person, id, given) => addEvidence(house, person, id, given));
  post("comments", CommentGiven, (person, id, given) => commentOnClaim(house, person, id, given));
  post("assignee", AssigneeGiven, (person, id, given) => assignClaim(house, person, id, given.personId));
  post("anchor", AnchorGiven, (person, id, given) => moveAnchor(house, person, id, given));
  return routes;
}

function answerClaim(c: Context<ApiEnv>, claim: ClaimAnswer, status: 200 | 201): Response {
  return isRefused(claim) ? answerProblem(c, claimProblem(claim.refused)) : c.json(claim, status);
}
