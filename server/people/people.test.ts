import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Invited, Person } from "@/domain/people/person";
import { tryLimits } from "@/domain/people/tries";
import { recordOf } from "../record/record-act";
import { openTestNewsroom, testUrl, type Answer, type TestNewsroom } from "../test-newsroom";
import type { NewsroomEvent } from "../events/bus";
import { endOpenLinks } from "./link-store";
import { invitePerson } from "./invite-person";
import { addLink, makeLink } from "./make-link";
import { lockPerson } from "./people-store";
import { sessions } from "./people-tables";

let desk: TestNewsroom;
let now = new Date("2026-11-25T09:00:00.000Z").getTime();
beforeAll(async () => {
  desk = await openTestNewsroom({ now: () => new Date((now += 1)), proxies: 1 });
});
afterAll(() => desk.close());

const password = "correct horse battery";
const signIn = (email: string, given: string, from = "203.0.113.1") =>
  desk.visitor.request("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": from },
    body: JSON.stringify({ email, password: given }),
  });
const tokenOf = (link: string) => link.split("#")[1] ?? "";
const redeem = (token: string, chosen?: string) =>
  desk.visitor.post("/api/auth/links", { token, ...(chosen === undefined ? {} : { password: chosen }) });
const cookieOf = (answer: Answer) => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const me = (cookie: string) => desk.visitor.request("/api/me", { headers: { cookie } });

let count = 0;
/** Somebody new who has come in with `password`. */
async function newcomer(role: Person["role"] = "reporter") {
  const email = `person${String((count += 1))}@example.test`;
  const invited = (await desk.as("admin").post("/api/people", { name: "Newcomer", email, role })).as(Invited);
  const entered = await redeem(tokenOf(invited.link), password);
  expect(entered.status).toBe(200);
  return { id: invited.id, email, cookie: cookieOf(entered) };
}

async function eventsDuring(act: () => Promise<unknown>): Promise<NewsroomEvent[]> {
  const events: NewsroomEvent[] = [];
  const off = desk.house.bus.on((event) => events.push(event));
  await act();
  off();
  return events;
}

test("[PE3] an invited person chooses the password, comes in, and comes back with it", async () => {
  const invited = await desk
    .as("admin")
    .post("/api/people", { name: "New Colleague", email: "New@Example.test", role: "checker" });
  expect(invited.status).toBe(201);
  const { id, link } = invited.as(Invited);
  expect(link).toMatch(new RegExp(`^${testUrl}/link#invitation\\.[\\w-]{32}$`));

  const entered = await redeem(tokenOf(link), password);
  expect(entered.as(Person)).toEqual({
    id,
    name: "New Colleague",
    email: "new@example.test",
    role: "checker",
  });
  expect((await me(cookieOf(entered))).as(Person).id).toBe(id);
  const back = await signIn("NEW@example.test", password);
  expect(back.status).toBe(200);
  expect(back.headers.getSetCookie()[0]).toMatch(/HttpOnly/);
  expect(back.headers.getSetCookie()[0]).not.toMatch(/Secure/);
});

test("[PE3] a link works once, and what is refused uses nothing up", async () => {
  const { link } = (
    await desk.as("admin").post("/api/people", { name: "Once", email: "once@example.test", role: "editor" })
  ).as(Invited);
  expect(await redeem(tokenOf(link))).toMatchObject({ status: 422, code: "needs-password" });
  expect(await redeem(tokenOf(link), "short")).toMatchObject({ status: 422, code: "wrong-form" });
  expect((await redeem(tokenOf(link), password)).status).toBe(200);
  expect(await redeem(tokenOf(link), password)).toMatchObject({ status: 401, code: "link-not-valid" });
  expect(await redeem("no such token", password)).toMatchObject({ status: 401, code: "link-not-valid" });
});

test("[PE3] of two who redeem one link at once, one comes in", async () => {
  const { link } = (
    await desk.as("admin").post("/api/people", { name: "Race", email: "race@example.test", role: "editor" })
  ).as(Invited);
  const answers = await Promise.all([redeem(tokenOf(link), password), redeem(tokenOf(link), password)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test("[PE3] a link lasts 72 hours", async () => {
  const person = await newcomer();
  const hours = 60 * 60 * 1000;
  const link = async () =>
    tokenOf((await desk.as("admin").post(`/api/people/${person.id}/link`)).as(Invited).link);
  const first = await link();
  now += 71 * hours;
  expect((await redeem(first, password)).status).toBe(200);
  const second = await link();
  now += 73 * hours;
  expect((await redeem(second, password)).code).toBe("link-not-valid");
});

test("[PE3] a reset ends the person's sessions and their older link", async () => {
  const person = await newcomer();
  const old = (await desk.as("admin").post(`/api/people/${person.id}/link`)).as(Invited);
  const reset = (await desk.as("admin").post(`/api/people/${person.id}/link`)).as(Invited);
  expect((await me(person.cookie)).status).toBe(200);
  expect((await redeem(tokenOf(old.link), "another password")).code).toBe("link-not-valid");

  let entered: Answer | undefined;
  const events = await eventsDuring(async () => {
    entered = await redeem(tokenOf(reset.link), "another password");
  });
  expect(events).toContainEqual(expect.objectContaining({ type: "sessions-ended", personId: person.id }));
  expect((await me(person.cookie)).status).toBe(401);
  expect(entered && (await me(cookieOf(entered))).status).toBe(200);
  expect((await signIn(person.email, password)).status).toBe(401);
  expect((await signIn(person.email, "another password")).status).toBe(200);
});

test("[PE3] a demo entry link needs no password", async () => {
  const { id } = desk.person("reporter1");
  const link = await desk.house.db.transaction((tx) =>
    addLink(desk.house, tx, { personId: id, purpose: "entry", madeBy: null }, desk.house.now()),
  );
  expect((await redeem(tokenOf(link))).as(Person).id).toBe(id);
  expect((await redeem(tokenOf(link))).code).toBe("link-not-valid");
});

test("[PE3] one's own password is changed with the old one, and other sessions end", async () => {
  const person = await newcomer();
  const other = cookieOf(await signIn(person.email, password));
  const change = (current: string, next: string) =>
    desk.visitor.request("/api/me/password", {
      method: "POST",
      headers: { cookie: person.cookie },
      body: JSON.stringify({ current, next }),
    });
  expect(await change("not the old one", "a brand new one")).toMatchObject({
    status: 403,
    code: "wrong-password",
  });
  expect((await me(other)).status).toBe(200);
  expect((await change(password, "a brand new one")).status).toBe(200);
  expect((await me(other)).status).toBe(401);
  expect((await me(person.cookie)).status).toBe(200);
  expect((await signIn(person.email, "a brand new one")).status).toBe(200);
});

test("[PE2] wrong password, unknown address and deactivated person: the same answer", async () => {
  const active = await newcomer();
  const gone = await newcomer();
  await desk.as("admin").patch(`/api/people/${gone.id}`, { active: false });
  const sessionsBefore = await desk.house.db.$count(sessions);
  const answers = [
    await signIn(active.email, "not the password"),
    await signIn("nobody@example.test", "not the password"),
    await signIn("no address at all", "not the password"),
    await signIn(gone.email, password),
    await signIn("reporter1@demo.test", "has no password"),
  ];
  expect(await desk.house.db.$count(sessions)).toBe(sessionsBefore);
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(answer.text).toBe(answers[0]?.text);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test("[PE2] an unknown address takes as long as a wrong password", async () => {
  const { email } = await newcomer();
  const timeOf = async (address: string) => {
    const startMs = performance.now();
    await signIn(address, "not the password", "203.0.113.50");
    return performance.now() - startMs;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    known.push(await timeOf(email));
    unknown.push(await timeOf(`nobody${String(i)}@example.test`));
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[2] ?? 0;
  expect(median(unknown)).toBeGreaterThan(median(known) * 0.3);
  expect(median(unknown)).toBeLessThan(median(known) * 3);
});

test("[PE2] too many tries: the same 429 for an address that nobody has, and nobody else is locked out", async () => {
  const person = await newcomer();
  const colleague = await newcomer();
  const answersOf = async (email: string) => {
    const answers: Answer[] = [];
    for (let i = 0; i <= tryLimits.accountFromClient; i += 1) {
      answers.push(await signIn(email, "not the password", "198.51.100.7"));
    }
    return answers;
  };
  const known = await answersOf(person.email);
  const unknown = await answersOf("nobody-there@example.test");
  expect(known.map(({ status }) => status)).toEqual(unknown.map(({ status }) => status));
  expect(known.at(-1)).toMatchObject({ status: 429, code: "too-many-tries" });
  expect(known.at(-1)?.text).toBe(unknown.at(-1)?.text);
  expect(Number(known.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);

  expect((await signIn(person.email, password, "198.51.100.7")).status).toBe(429);
  expect((await signIn(colleague.email, password, "198.51.100.7")).status).toBe(200);
  expect((await signIn(person.email, password, "198.51.100.8")).status).toBe(200);
});

test("[PE2] while the store is away nobody's tries are counted: with the right password they come in once it is back", async () => {
  const person = await newcomer();
  await desk.house.db.execute(sql`alter table sessions rename to sessions_away`);
  for (let n = 0; n < tryLimits.accountFromClient; n += 1) {
    expect((await signIn(person.email, password, "203.0.113.77")).status).toBe(500);
  }
  await desk.house.db.execute(sql`alter table sessions_away rename to sessions`);
  expect((await signIn(person.email, password, "203.0.113.77")).status).toBe(200);
});

test("signing out ends the session at once; so does signing in anew", async () => {
  const person = await newcomer();
  const events = await eventsDuring(() =>
    desk.visitor.request("/api/auth/sign-out", { method: "POST", headers: { cookie: person.cookie } }),
  );
  expect(events).toContainEqual(expect.objectContaining({ type: "session-ended" }));
  expect((await me(person.cookie)).status).toBe(401);

  const first = cookieOf(await signIn(person.email, password));
  const again = await desk.visitor.request("/api/auth/sign-in/email", {
    method: "POST",
    headers: { cookie: first, "x-forwarded-for": "203.0.113.1" },
    body: JSON.stringify({ email: person.email, password }),
  });
  expect(again.status).toBe(200);
  expect((await me(first)).status).toBe(401);
  expect((await me(cookieOf(again))).status).toBe(200);
});

test("a cookie that was tampered with signs nobody in", async () => {
  const { cookie } = await newcomer();
  const [name, value = ""] = cookie.split("=", 2);
  const turned = value.startsWith("A") ? `B${value.slice(1)}` : `A${value.slice(1)}`;
  expect((await me(`${name ?? ""}=${turned}`)).status).toBe(401);
  expect((await me(`${name ?? ""}=nonsense`)).status).toBe(401);
});

test("[PE1] only an admin manages people, and a refusal changes nothing", async () => {
  const person = await newcomer();
  for (const who of ["reporter1", "checker1", "editor1"]) {
    const caller = desk.as(who);
    const answers = [
      await caller.post("/api/people", { name: "X", email: "x@example.test", role: "admin" }),
      await caller.patch(`/api/people/${person.id}`, { role: "admin" }),
      await caller.post(`/api/people/${person.id}/link`),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 403, code: "may-not-manage-people" });
    }
  }
  expect((await me(person.cookie)).as(Person).role).toBe("reporter");
  const everyone = await desk.as("reporter1").get("/api/people");
  expect(everyone.text).not.toContain("@");
  expect((await desk.as("admin").get("/api/people")).text).toContain(person.email);
});

test("[PE3] an address is invited once", async () => {
  const { email } = await newcomer();
  const again = await desk.as("admin").post("/api/people", { name: "X", email, role: "editor" });
  expect(again).toMatchObject({ status: 409, code: "address-taken" });
});

test("[PE4] a deactivated person's sessions end at once and their links with them", async () => {
  const person = await newcomer();
  const { link } = (await desk.as("admin").post(`/api/people/${person.id}/link`)).as(Invited);
  const events = await eventsDuring(() =>
    desk.as("admin").patch(`/api/people/${person.id}`, { active: false }),
  );
  expect(events).toContainEqual({ type: "sessions-ended", personId: person.id });
  expect((await me(person.cookie)).status).toBe(401);
  expect((await redeem(tokenOf(link), password)).code).toBe("link-not-valid");
  expect((await desk.as("admin").post(`/api/people/${person.id}/link`)).code).toBe("person-inactive");

  await desk.as("admin").patch(`/api/people/${person.id}`, { active: true });
  expect((await me(person.cookie)).status).toBe(401);
  expect((await signIn(person.email, password)).status).toBe(200);
});

test("[PE4] a changed role counts from the next call on", async () => {
  const person = await newcomer();
  const events = await eventsDuring(() =>
    desk.as("admin").patch(`/api/people/${person.id}`, { role: "editor" }),
  );
  expect(events).toContainEqual({ type: "rights-changed", personId: person.id });
  expect((await me(person.cookie)).as(Person).role).toBe("editor");
});

test("[RE1] every act on people is in the record, with who did it and no secret", async () => {
  const person = await newcomer();
  const rows = (await recordOf(desk.house.db, {})).filter((row) => JSON.stringify(row).includes(person.id));
  expect(rows.map(({ act }) => act)).toEqual(["person-invited", "link-made", "link-redeemed"]);
  expect(rows[1]?.personId).toBe(desk.person("admin").id);
  expect(JSON.stringify(rows)).not.toContain(person.email);
  expect(JSON.stringify(rows)).not.toContain(password);
});

test("what is not of the form is refused with 422 and changes nothing", async () => {
  const admin = desk.as("admin");
  const before = (await admin.get("/api/people")).text;
  const bodies: unknown[] = [
    [],
    "text",
    null,
    { name: "X", email: "x@example.test" },
    { name: "X", email: "x@example.test", role: "owner" },
    { name: "", email: "x@example.test", role: "editor" },
    { name: "X\u0000", email: "x@example.test", role: "editor" },
    { name: "X", email: "not an address", role: "editor" },
    { name: "X".repeat(100_000), email: "x@example.test", role: "editor" },
    { name: "X", email: "x@example.test", role: "editor", active: true },
  ];
  for (const body of bodies) {
    expect(await admin.post("/api/people", body), JSON.stringify(body).slice(0, 80)).toMatchObject({
      status: 422,
    });
  }
  expect((await admin.patch(`/api/people/${desk.person("editor1").id}`, {})).status).toBe(422);
  expect((await admin.patch("/api/people/no-such-person", { active: false })).status).toBe(404);
  expect((await admin.post("/api/people/no-such-person/link")).status).toBe(404);
  expect((await admin.get("/api/people")).text).toBe(before);
});

test("[PE3] a link that is ended while its holder chooses a password lets nobody in", async () => {
  const { db } = desk.house;
  const { id } = await newcomer();
  const made = await desk.as("admin").post(`/api/people/${id}/link`);
  const redeeming = await db.transaction(async (tx) => {
    await lockPerson(tx, id);
    const waiting = redeem(tokenOf(made.as(Invited).link), "another long password");
    await vi.waitFor(async () => {
      const { rows } = await db.execute(sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      expect(rows).toHaveLength(1);
    }, 5000);
    await endOpenLinks(tx, id, desk.house.now());
    return { answer: waiting };
  });
  expect(await redeeming.answer).toMatchObject({ status: 401, code: "link-not-valid" });
});

test("[PE3] whoever is no admin any more made no link that still works, and makes none", async () => {
  const other = await newcomer("admin");
  const asOther = desk.as(other.id);
  const { id } = await newcomer();
  const invitation = { name: "Invited", email: "invited-by-other@example.test", role: "editor" } as const;
  const made = [await asOther.post("/api/people", invitation), await asOther.post(`/api/people/${id}/link`)];
  // As the person stood when the call came in.
  const before: Person = { id: other.id, name: "Newcomer", email: other.email, role: "admin" };
  await desk.as("admin").patch(`/api/people/${other.id}`, { role: "reporter" });
  for (const answer of made) {
    const { link } = answer.as(Invited);
    expect(await redeem(tokenOf(link), "another long password")).toMatchObject({ code: "link-not-valid" });
  }
  const refused = { refused: "may-not-manage-people" };
  expect(await makeLink(desk.people, before, id)).toEqual(refused);
  const again = { ...invitation, email: "invited-too-late@example.test" };
  expect(await invitePerson(desk.house, before, again)).toEqual(refused);
});
