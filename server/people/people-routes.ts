/** `/api/me` and `/api/people`. */
import { Hono } from "hono";
import { Invitation, PasswordChange, PersonChange, type Colleague } from "@/domain/people/person";
import { mayInNewsroom } from "@/domain/people/rights";
import { isRefused } from "@/domain/refusal";
import { clientKey } from "../http/client-address";
import type { ApiEnv } from "../http/env";
import { answerProblem, readBody } from "../http/problem";
import { changePassword } from "./change-password";
import { changePerson } from "./change-person";
import { invitePerson } from "./invite-person";
import { makeLink } from "./make-link";
import { isAwake, type People } from "./people";
import { answerPeopleRefusal } from "./people-problems";
import { listPeople } from "./people-store";

export function peopleRoutes(people: People): Hono<ApiEnv> {
  const { house } = people;
  const routes = new Hono<ApiEnv>();

  routes.get("/api/me", (c) => c.json(c.get("signedIn").person));

  routes.post("/api/me/password", async (c) => {
    const body = await readBody(c, PasswordChange);
    if ("problem" in body) return answerProblem(c, body.problem);
    const client = clientKey(c.get("request").address);
    const changed = await changePassword(people, c.get("signedIn"), { ...body.value, client });
    return isRefused(changed) ? answerPeopleRefusal(c, changed) : c.json({ changed: true });
  });

  routes.get("/api/people", async (c) => {
    const isAdmin = mayInNewsroom(c.get("signedIn").person, "manage-people") === true;
    const everyone = await listPeople(house.db);
    const colleagues: Colleague[] = everyone.map(({ invited, email, ...person }) => ({
      ...person,
      active: isAwake(people, { ...person, email }),
      ...(isAdmin ? { email, invited } : {}),
    }));
    return c.json(colleagues);
  });

  routes.post("/api/people", async (c) => {
    const body = await readBody(c, Invitation);
    if ("problem" in body) return answerProblem(c, body.problem);
    const invited = await invitePerson(house, c.get("signedIn").person, body.value);
    return isRefused(invited) ? answerPeopleRefusal(c, invited) : c.json(invited, 201);
  });

  routes.patch("/api/people/:id", async (c) => {
    const body = await readBody(c, PersonChange);
    if ("problem" in body) return answerProblem(c, body.problem);
    const changed = await changePerson(people, c.get("signedIn").person, c.req.param("id"), body.value);
    if (isRefused(changed)) return answerPeopleRefusal(c, changed);
    const { id, name, email, role, active } = changed;
    return c.json({ id, name, email, role, active });
  });

  routes.post("/api/people/:id/link", async (c) => {
    const made = await makeLink(people, c.get("signedIn").person, c.req.param("id"));
    return isRefused(made) ? answerPeopleRefusal(c, made) : c.json(made, 201);
  });
  return routes;
}
