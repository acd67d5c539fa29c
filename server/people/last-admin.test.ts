import { afterEach, beforeEach, expect, test } from "vitest";
import { Invited } from "@/domain/people/person";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
beforeEach(async () => {
  desk = await openTestNewsroom();
});
afterEach(() => desk.close());

const invite = async () =>
  (await desk.as("admin").post("/api/people", { name: "B", email: "b@example.test", role: "admin" })).as(
    Invited,
  );

test("[PE5] the last active admin stays one", async () => {
  const { id } = desk.person("admin");
  for (const change of [{ active: false }, { role: "editor" }, { role: "reporter", active: false }]) {
    expect(await desk.as("admin").patch(`/api/people/${id}`, change)).toMatchObject({
      status: 409,
      code: "last-admin",
    });
  }
  expect((await desk.as("admin").get("/api/me")).status).toBe(200);
});

test("[PE5] an admin who was only invited is none to fall back on", async () => {
  const { link } = await invite();
  const { id } = desk.person("admin");
  expect((await desk.as("admin").patch(`/api/people/${id}`, { active: false })).code).toBe("last-admin");
  await desk.visitor.post("/api/auth/links", { token: link.split("#")[1], password: "a long password" });
  expect((await desk.as("admin").patch(`/api/people/${id}`, { active: false })).status).toBe(200);
});

test("[PE5] of two admins who take each other's role at once, one keeps it", async () => {
  const other = await invite();
  await desk.visitor.post("/api/auth/links", {
    token: other.link.split("#")[1],
    password: "a long password",
  });
  const { id } = desk.person("admin");
  const answers = await Promise.all([
    desk.as("admin").patch(`/api/people/${other.id}`, { role: "reporter" }),
    desk.as(other.id).patch(`/api/people/${id}`, { role: "reporter" }),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});
