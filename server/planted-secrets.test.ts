/** The log of the real server, with everything written down, while people say what nobody may read in it. */
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient, openRaw, syncFrame, until } from "./body/test-clients";
import { openTestStore, type TestStore } from "./store/test-store";
import { bundleMain, type MainProgram } from "./test-main";

let main: MainProgram;
let store: TestStore;
beforeAll(async () => {
  main = await bundleMain();
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
  await main.remove();
});

/** Whatever people say in this test carries this word. */
const planted = "planted";
const admin = { email: `${planted}.admin@example.test`, password: `${planted} password of the admin` };

/** Calls the server in one person's name, and keeps every cookie that it gives. */
function openCaller(url: string, secrets: Set<string>) {
  let cookie = "";
  async function ask(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: { cookie, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const given of answer.headers.getSetCookie()) {
      const [pair = ""] = given.split(";");
      const value = pair.slice(pair.indexOf("=") + 1);
      if (value === "") continue;
      cookie = pair;
      // The session's token and its signature, too.
      const parts = [value, ...decodeURIComponent(value).split(".")];
      for (const part of parts) if (part.length >= 16) secrets.add(part);
    }
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      body: text.startsWith("{") ? (JSON.parse(text) as Answered) : null,
    };
  }
  return {
    get: (path: string) => ask("GET", path),
    post: (path: string, body?: unknown) => ask("POST", path, body),
    patch: (path: string, body?: unknown) => ask("PATCH", path, body),
    cookie: () => cookie,
  };
}
type Answered = { readonly id?: string; readonly link?: string; readonly code?: string };

test("no line of the log holds a password, a cookie, a link's secret, an address, a name or a word of a story", async () => {
  const secrets = new Set<string>();
  const secretOfServer = `${planted} secret of at least 32 characters`;
  const process = main.begin({
    PORT: "0",
    DATABASE_URL: store.url,
    LINECHECK_SECRET: secretOfServer,
    LINECHECK_ADMIN_EMAIL: admin.email,
    LINECHECK_ADMIN_PASSWORD: admin.password,
    LINECHECK_LOG: "debug",
  });
  const url = await process.ready();
  const caller = () => openCaller(url, secrets);
  const asAdmin = caller();
  const linkTo = (link: string | undefined) => {
    const token = link?.split("#")[1] ?? "";
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
    secrets.add(token).add(token.split(".")[1] ?? token);
    return token;
  };

  // Signing in, inviting, resetting.
  await asAdmin.post("/api/auth/sign-in/email", { ...admin, password: `${planted} and wrong` });
  expect((await asAdmin.post("/api/auth/sign-in/email", admin)).status).toBe(200);
  const writer = { name: "Planted Reporter", email: `${planted}.reporter@example.test`, role: "reporter" };
  const invited = await asAdmin.post("/api/people", writer);
  const password = `${planted} password of theirs`;
  const reporter = caller();
  await reporter.post("/api/auth/links", { token: `invitation.${planted}-and-wrong`, password });
  const redeemed = await reporter.post("/api/auth/links", { token: linkTo(invited.body?.link), password });
  expect(redeemed.status).toBe(200);
  await reporter.post("/api/me/password", { current: password, next: `${password} anew` });
  const reset = await asAdmin.post(`/api/people/${invited.body?.id ?? ""}/link`);
  await reporter.post("/api/auth/links", {
    token: linkTo(reset.body?.link),
    password: `${password} once more`,
  });
  expect((await reporter.get("/api/me")).text).toContain(writer.email);

  // Writing, judging, reading.
  const started = await reporter.post("/api/stories", {
    headline: `A ${planted} headline`,
    standfirst: `Its ${planted} summary.`,
    slug: `a-${planted}-slug`,
    body: { format: "text", content: `The ${planted} words of 4,600 troops.` },
  });
  expect(started.status).toBe(201);
  const story = `/api/stories/${started.body?.id ?? ""}`;
  await reporter.patch(story, { dateline: { place: "Planted", date: "2026-11-27" }, byline: [writer.name] });
  const claim = await reporter.post(`${story}/claims`, {
    field: "body",
    quote: `${planted} words of 4,600`,
    kind: "number",
    note: `A ${planted} note`,
  });
  expect(claim.status).toBe(201);
  const claimPath = `/api/claims/${claim.body?.id ?? ""}`;
  const source = { type: "anonymous", name: `A ${planted} source`, url: `https://${planted}.test/` };
  await reporter.post(`${claimPath}/evidence`, {
    source,
    relation: "supports",
    excerpt: `Its ${planted} words`,
  });
  await reporter.post(`${claimPath}/comments`, { text: `A ${planted} comment` });
  await reporter.post(`${claimPath}/verdicts`, { verdict: "false", rationale: `A ${planted} reason` });
  await reporter.post(`${claimPath}/verdicts`, { verdict: `a ${planted} verdict` });
  await reporter.post(`${story}/moves`, { to: "checking" });
  await reporter.post(`${story}/moves`, { to: "draft", reason: `A ${planted} reason` });
  const readings = ["", "/claims", "/gate", "/versions", "/versions/1", "/audit", "/export/html"];
  for (const path of readings) await reporter.get(`${story}${path}`);
  for (const path of [
    `/api/stories?q=${planted}`,
    `/api/${planted}/words`,
    `/api/stories/${planted}%20words`,
    `/read/a-${planted}-slug?words=${planted}`,
    `/${planted}`,
    "/feed.json",
    "/api/audit/head",
  ])
    await reporter.get(path);

  // Typing, appearing, and what the sockets refuse.
  const socketUrl = `${url.replace("http", "ws")}/collab`;
  const storyId = started.body?.id ?? "";
  const typist = openClient(socketUrl, storyId, { cookie: reporter.cookie() });
  await until(() => typist.provider.synced, Boolean);
  typist.provider.awareness.setLocalStateField("user", { name: writer.name, color: "#123456" });
  typist.type(0, `More ${planted} words. `);
  await until(
    () => typist.saved.count,
    (count) => count === typist.sent(),
  );
  typist.doc.getText(`a ${planted} root`).insert(0, planted);
  await until(
    () => typist.closed,
    (closed) => closed.some(({ code }) => code === 4422),
  );
  typist.leave();
  const talker = await openRaw(socketUrl, storyId, { cookie: reporter.cookie() }, { since: planted });
  talker.send(Buffer.from(`${planted} words that are no message`));
  await talker.closed;
  const other = await openRaw(socketUrl, `${planted}%20words`, { cookie: `a=${planted}` });
  other.send(syncFrame(1, Buffer.from(planted)));
  await other.closed;

  // The store fails with all that it was asked.
  for (const table of ["comments", "stories", "links", "credentials"]) {
    await store.db.execute(sql.raw(`alter table ${table} rename to elsewhere`));
    const failed = [
      await reporter.post(`${claimPath}/comments`, { text: `A ${planted} comment` }),
      await reporter.post("/api/stories", { headline: `A ${planted} headline` }),
      await caller().post("/api/auth/links", { token: `invitation.${planted}`, password }),
      await caller().post("/api/auth/sign-in/email", admin),
    ];
    expect(
      failed.some(({ status }) => status === 500),
      table,
    ).toBe(true);
    await store.db.execute(sql.raw(`alter table elsewhere rename to ${table}`));
  }
  await reporter.post("/api/auth/sign-out");
  process.stop();
  const { code, lines } = await process.ended;
  expect(code).toBe(0);

  const log = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as { msg: string });
  const messages = new Set(log.map(({ msg }) => msg));
  for (const message of [
    "request",
    "request failed",
    "update refused",
    "upgrade refused",
    "collab socket ended",
  ])
    expect(messages).toContain(message);
  expect(secrets.size).toBeGreaterThan(8);
  const said = lines.join("\n");
  expect(
    said
      .toLowerCase()
      .split("\n")
      .filter((line) => line.includes(planted)),
  ).toEqual([]);
  expect([...secrets].filter((secret) => said.includes(secret))).toEqual([]);
}, 90_000);
