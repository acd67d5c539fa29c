import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient, openTestServer, synced, until, type TestServer } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
/** Two over one store that do not hear each other. */
let ahead: TestServer;
let behind: TestServer;
beforeAll(async () => {
  desk = await openTestDesk();
  ahead = await openTestServer(desk);
  behind = await openTestServer(desk);
});
afterAll(async () => {
  await ahead.close();
  await behind.close();
  await desk.close();
});

test.each([
  ["stock", { saved: "1" }],
  ["our", { saved: "1", epoch: "epoch-of-a-test" }],
])(
  "[BO4][BO5] a %s client that comes with others' words to a server that has not read them yet is no forger",
  async (_, params: Record<string, string>) => {
    const story = await desk.story("Words.");
    const [colleague, writer, reader] = [
      openClient(ahead.url, story, await desk.person("reporter"), params),
      openClient(ahead.url, story, await desk.person("reporter"), params),
      openClient(behind.url, story, await desk.person("checker")),
    ];
    await synced(colleague, writer, reader);
    colleague.type(0, "One. ");
    await until(writer.text, (text) => text === "One. Words.");
    expect(reader.text()).toBe("Words.");
    writer.provider.disconnect();
    writer.type(0, "Two. ");
    writer.provider.serverUrl = behind.url;
    writer.provider.connect();
    await until(reader.text, (text) => text === "Two. One. Words.");
    await until(
      () => writer.saved.count,
      (count) => count === writer.sent(),
    );
    expect(writer.closed).toEqual([]);
    for (const client of [colleague, writer, reader]) client.leave();
  },
);

test("[BO5] who brings words of their own under another's client id is refused there as well", async () => {
  const story = await desk.story("Words.");
  const colleague = openClient(ahead.url, story, await desk.person("reporter"));
  const reader = openClient(behind.url, story, await desk.person("checker"));
  const forger = openClient(behind.url, story, await desk.person("reporter"), {
    saved: "1",
    epoch: "epoch-of-a-test",
  });
  await synced(colleague, reader, forger);
  colleague.type(0, "One. ");
  await until(
    () => colleague.saved.count,
    (count) => count === colleague.sent(),
  );
  const { clientID } = forger.doc;
  forger.doc.clientID = colleague.doc.clientID;
  forger.type(0, "Forged. ");
  await until(
    () => forger.closed,
    ([closed]) => closed?.code === 4422 && closed.reason === "foreign-client",
  );
  expect(reader.text()).not.toContain("Forged");
  forger.doc.clientID = clientID;
  for (const client of [colleague, reader, forger]) client.leave();
});
