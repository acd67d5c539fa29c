/** People that the settings bring: the first admin, the demo people's password, the demo people off loopback. */
import { afterEach, expect, test } from "vitest";
import { Person } from "@/domain/people/person";
import { isDemoPerson } from "../demo/demo-people";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { addFirstAdmin } from "./first-admin";
import { setSharedPassword } from "./set-shared-password";

let desk: TestNewsroom;
afterEach(() => desk.close());

const password = "a password for all of them";
const signIn = (email: string, given: string) =>
  desk.visitor.post("/api/auth/sign-in/email", { email, password: given });

test("the first admin is made only when there are no people yet", async () => {
  desk = await openTestNewsroom({ cast: "none" });
  const admin = { email: "Boss@Example.test", password: "a first admin's password" };
  expect(await addFirstAdmin(desk.people, admin)).toBe(true);
  expect(await addFirstAdmin(desk.people, { ...admin, email: "other@example.test" })).toBe(false);
  expect((await signIn("boss@example.test", admin.password)).as(Person).role).toBe("admin");
  expect((await signIn("other@example.test", admin.password)).status).toBe(401);
});

test("the demo people's password from the settings lets them in; another one ends their sessions", async () => {
  desk = await openTestNewsroom();
  const ids = Object.values(desk.cast).map(({ id }) => id);
  const { cookie } = { cookie: await desk.as("editor1").cookie() };
  const isIn = async () => (await desk.visitor.request("/api/me", { headers: { cookie } })).status;
  await setSharedPassword(desk.people, ids, password);
  expect(await isIn()).toBe(401);
  const entered = await signIn("editor1@demo.test", password);
  expect(entered.status).toBe(200);

  await setSharedPassword(desk.people, ids, password);
  const kept = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect((await desk.visitor.request("/api/me", { headers: { cookie: kept } })).status).toBe(200);
  await setSharedPassword(desk.people, ids, "quite another password");
  expect((await signIn("editor1@demo.test", password)).status).toBe(401);
  expect((await signIn("checker2@demo.test", "quite another password")).status).toBe(200);
});

test("[PE2] off loopback the demo people are as good as deactivated", async () => {
  let asleep = false;
  desk = await openTestNewsroom({ isAsleep: (person) => asleep && isDemoPerson(person) });
  await setSharedPassword(
    desk.people,
    Object.values(desk.cast).map(({ id }) => id),
    password,
  );
  const awake = await signIn("admin@demo.test", password);
  const cookie = awake.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  asleep = true;
  expect((await desk.visitor.request("/api/me", { headers: { cookie } })).status).toBe(401);
  const refused = await signIn("admin@demo.test", password);
  expect(refused.text).toBe((await signIn("nobody@example.test", password)).text);
  asleep = false;
  expect((await desk.visitor.request("/api/me", { headers: { cookie } })).status).toBe(200);
});

test("where people come by https the cookie is Secure, HttpOnly and for this site only", async () => {
  desk = await openTestNewsroom({ url: "https://desk.example.org" });
  const { id } = desk.person("editor1");
  await setSharedPassword(desk.people, [id], password);
  const [cookie = ""] = (await signIn("editor1@demo.test", password)).headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-linecheck\.session_token=/);
  for (const part of ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"]) expect(cookie).toContain(part);
  const own = { cookie: cookie.split(";")[0] ?? "" };
  expect((await desk.visitor.request("/api/me", { headers: own })).as(Person).id).toBe(id);
});
