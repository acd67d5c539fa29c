/** Coming in and going out: invitations, resets, roles. */
import { expect } from "@playwright/test";
import { demoPassword, DemoNewsroom } from "./newsroom";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

test("[PE3] an admin invites a colleague, who chooses a password and signs in with it", async ({
  browser,
}) => {
  const admin = await newsroom.pageOf(browser, "admin", "/people");
  await admin.getByRole("button", { name: /invite/i }).click();
  const dialog = admin.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Checker Three");
  await dialog.getByRole("textbox", { name: "E-mail" }).fill("checker3@demo.test");
  await dialog.getByRole("radio", { name: /^Checker/ }).check();
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link = await dialog.getByRole("textbox", { name: "One-time link for Checker Three" }).inputValue();
  expect(new URL(link).hash.length).toBeGreaterThan(20);

  const context = await browser.newContext({ baseURL: newsroom.url });
  const page = await context.newPage();
  await page.goto(link);
  await page.reload();
  await page.getByLabel("Password", { exact: true }).fill("a password of my own");
  await page.getByRole("button", { name: "Save and enter" }).click();
  await expect(page.getByRole("list", { name: "Stories" })).toBeVisible();

  const again = await (await browser.newContext({ baseURL: newsroom.url })).newPage();
  await again.goto(link);
  await again.getByLabel("Password", { exact: true }).fill("another password");
  await again.getByRole("button", { name: "Save and enter" }).click();
  await expect(again.getByText("This link does not work any more")).toBeVisible();

  await page.getByRole("button", { name: "Account of Checker Three" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel("E-mail").fill("checker3@demo.test");
  await page.getByLabel("Password", { exact: true }).fill("a password of my own");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("list", { name: "Stories" })).toBeVisible();
});

test("[PE2] a wrong password and an unknown address are answered alike", async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: newsroom.url })).newPage();
  await page.goto("/sign-in");
  const answers: string[] = [];
  for (const [address, password] of [
    ["reporter1@demo.test", "not the password"],
    ["nobody@demo.test", demoPassword],
  ] as const) {
    await page.getByLabel("E-mail").fill(address);
    await page.getByLabel("Password", { exact: true }).fill(password);
    const answered = page.waitForResponse((response) => response.url().includes("/api/auth/"));
    await page.getByRole("button", { name: "Sign in" }).click();
    expect((await answered).status()).toBe(401);
    answers.push((await page.getByRole("alert").filter({ hasText: /\w/ }).first().textContent()) ?? "");
  }
  expect(answers[0]).toBe(answers[1]);
});

test("[PE4] a deactivated person's open story page is signed out within a second or so", async ({
  browser,
}) => {
  const page = await newsroom.pageOf(browser, "reporter2");
  await page
    .getByRole("list", { name: "Stories" })
    .getByRole("link", { name: /NATO chief/ })
    .click();
  await expect(page.getByRole("textbox", { name: "Story text" })).toBeVisible();
  const admin = await newsroom.contextOf(browser, "admin");
  const people: { readonly id: string; readonly email: string }[] = await (
    await admin.request.get("/api/people")
  ).json();
  const id = people.find((person) => person.email === "reporter2@demo.test")?.id ?? "";
  await admin.request.patch(`/api/people/${id}`, {
    data: { active: false },
    headers: { origin: newsroom.url },
  });
  await expect(page.getByText(/signed out/i).first()).toBeVisible({ timeout: 3000 });
});

test("a visitor of the desk is sent to the sign-in before anything is shown", async () => {
  const answer = await fetch(newsroom.url, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([307, "/sign-in"]);
});
