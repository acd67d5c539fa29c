/** `/api/auth/…`: signing in and out, redeeming a link. */
import { Hono, type Context } from "hono";
import { LinkRedemption, SignIn } from "@/domain/people/person";
import { isRefused } from "@/domain/refusal";
import { clientKey } from "../http/client-address";
import type { ApiEnv } from "../http/env";
import { answerProblem, readBody } from "../http/problem";
import type { People } from "./people";
import { answerPeopleRefusal } from "./people-problems";
import { redeemLink } from "./redeem-link";
import { signIn, type SignedInNow } from "./sign-in";
import { signOut } from "./sign-out";
import type { Place } from "./start-session";

export function authRoutes(people: People): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  /** Whoever was signed in here before is signed out. */
  async function letIn(c: Context<ApiEnv>, entered: SignedInNow): Promise<Response> {
    const before = await people.sessionOf(c.req.header("cookie") ?? "");
    if (before) await signOut(people, before);
    c.header("set-cookie", entered.setCookie);
    const { id, name, email, role } = entered.person;
    return c.json({ id, name, email, role });
  }

  routes.post("/api/auth/sign-in/email", async (c) => {
    const body = await readBody(c, SignIn);
    if ("problem" in body) return answerProblem(c, body.problem);
    const client = clientKey(c.get("request").address);
    const entered = await signIn(people, { ...body.value, client, place: placeOf(c) });
    return isRefused(entered) ? answerPeopleRefusal(c, entered) : letIn(c, entered);
  });

  routes.post("/api/auth/links", async (c) => {
    const body = await readBody(c, LinkRedemption);
    if ("problem" in body) return answerProblem(c, body.problem);
    const entered = await redeemLink(people, { ...body.value, place: placeOf(c) });
    return isRefused(entered) ? answerPeopleRefusal(c, entered) : letIn(c, entered);
  });
  return routes;
}

/** Behind the session check. */
export function signOutRoutes(people: People): Hono<ApiEnv> {
  return new Hono<ApiEnv>().post("/api/auth/sign-out", async (c) => {
    await signOut(people, c.get("signedIn"));
    c.header("set-cookie", await people.library.noCookie());
    return c.json({ signedOut: true });
  });
}

const placeOf = (c: Context<ApiEnv>): Place => ({
  address: c.get("request").address,
  userAgent: c.req.header("user-agent") ?? null,
});
