/** A newsroom is restored from a backup under an open page: what was written meanwhile is offered, and nothing doubles. */
import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { ApiPerson } from "./api-person";
import { DemoNewsroom, demoPassword } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

const root = fileURLToPath(new URL("..", import.meta.url));
let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

/** The operator's tool, beside the server or without one. */
async function linecheck(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["dist/linecheck.js", ...words], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      LINECHECK_DATA: newsroom.dataFolder,
      DATABASE_URL: "",
      REDIS_URL: "",
    },
  });
  return stdout;
}

test("[BO10] an open page offers what the restored newsroom does not have, and goes on with its text", async ({
  browser,
}) => {
  const reporter = await ApiPerson.signIn(newsroom, "reporter1");
  const { id } = await reporter.start({ body: { format: "text", content: "The bridge is closed." } });
  const story = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  const { page } = story;
  await story.open(id);
  await story.saved();
  const file = join(newsroom.dataFolder, "newsroom.backup");
  expect(await linecheck("backup", file)).toContain("Backed up");

  await story.caretAfter("The bridge is closed.");
  await page.keyboard.type(" Saved after the backup.");
  await story.saved();
  await newsroom.stop();
  await expect(page.getByRole("status", { name: "Save state" })).toContainText("Offline");
  await page.keyboard.type(" Never sent.");
  await expect(page.getByRole("status", { name: "Save state" })).toContainText("only on this device");

  await rename(join(newsroom.dataFolder, "store"), join(newsroom.dataFolder, "store-before"));
  expect(await linecheck("restore", file)).toContain("Restored");
  await newsroom.startAgain();
  // Sessions are not in a backup: everybody signs in again.
  const signedIn = await page.request.post("/api/auth/sign-in/email", {
    data: { email: "reporter1@demo.test", password: demoPassword },
    headers: { origin: newsroom.url },
  });
  expect(signedIn.ok()).toBe(true);

  const offer = page.getByRole("alert", { name: "The newsroom was restored from a backup" });
  await expect(offer).toBeVisible();
  await expect(offer.getByRole("list", { name: "Unsaved words" })).toContainText("Never sent.");
  await expect(offer.getByRole("button", { name: "Send my changes" })).toBeHidden();
  await offer.getByRole("button", { name: "Go on without them" }).click();
  await expect(story.text).toHaveText("The bridge is closed.");
  await story.caretAfter("The bridge is closed.");
  await page.keyboard.type(" Until Monday.");
  await story.saved();
  const again = await ApiPerson.signIn(newsroom, "reporter1");
  expect((await again.story(id)).text).toBe("The bridge is closed. Until Monday.");
});
