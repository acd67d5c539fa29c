import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText } from "@/domain/body/content";
import type { Db } from "../store/db";
import { readText } from "./read-text";
import { openClient, openTestServer, synced, until } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

test("[BO1] a server's edit whose answer the store lost is seen by those who look on", async () => {
  const story = await desk.story("Words.");
  const editor = await desk.person("editor");
  let losesAnswers = false;
  const { db } = desk.store;
  const transaction: Db["transaction"] = async (work, config) => {
    const answer = await db.transaction(work, config);
    if (losesAnswers) throw new Error("Connection terminated unexpectedly");
    return answer;
  };
  const lossy = new Proxy(db, {
    get: (of, key) => (key === "transaction" ? transaction : (Reflect.get(of, key) as unknown)),
  });
  const server = await openTestServer({ house: { ...desk.house, db: lossy } });
  const reader = openClient(server.url, story, await desk.person("checker"));
  await synced(reader);
  await server.body.quiet(story);
  losesAnswers = true;
  const content = {
    headline: [],
    standfirst: [],
    body: [{ type: "paragraph" as const, content: [{ type: "text" as const, text: "Corrected." }] }],
  };
  await expect(server.body.replaceText(story, editor, content, () => Promise.resolve())).rejects.toThrow();
  losesAnswers = false;
  expect(plainText((await readText(db, story))?.content.body ?? [])).toBe("Corrected.");
  await until(reader.text, (text) => text === "Corrected.", 4_000);
  reader.leave();
  await server.close();
});
