/** How the refusals about people are said over HTTP. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { peopleRefusals, type PeopleRefusal } from "@/domain/people/people-refusals";
import type { Refusal } from "@/domain/refusal";
import { answerProblem } from "../http/problem";

const statusOf = {
  "wrong-sign-in": 401,
  "too-many-tries": 429,
  "link-not-valid": 401,
  "needs-password": 422,
  "wrong-password": 403,
  "no-such-person": 404,
  "address-taken": 409,
  "last-admin": 409,
  "person-inactive": 409,
  "may-not-manage-people": 403,
} as const satisfies Readonly<Record<PeopleRefusal, ContentfulStatusCode>>;

export function answerPeopleRefusal(
  c: Context,
  refusal: Refusal<PeopleRefusal> & { readonly retryAfterMs?: number },
): Response {
  const code = refusal.refused;
  if (refusal.retryAfterMs !== undefined) {
    c.header("retry-after", String(Math.ceil(refusal.retryAfterMs / 1000)));
  }
  return answerProblem(c, { status: statusOf[code], code, sentence: peopleRefusals[code] });
}
