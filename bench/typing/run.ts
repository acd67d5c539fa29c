/**
 * What a keystroke costs the browser at 20,000 words with 0, 500 and 2,000 claims: the main thread's time from the key
 * (or a colleague's key arriving) until the page is quiet again, scripts, layout and paint together. The peer is the
 * same editor on the same text without claims, measured in turns with the others.
 */
import { chromium, type CDPSession, type Page } from "playwright";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { browserArguments, browserPath } from "../../e2e/browser";
import { DemoNewsroom } from "../../e2e/newsroom";

const words = 20_000;
const claimCounts = [0, 500, 2000];
const rounds = 5;
const keysPerRound = 30;
const quietMs = 160;

const paragraph = (n: number) =>
  `Unit ${String(n).padStart(4, "0")} counts ${String(1000 + n)} people, says the report that was read out in the town hall.`;
const paragraphs = Math.ceil(words / paragraph(0).split(" ").length);

type Samples = { readonly local: number[]; readonly remote: number[] };

const newsroom = await DemoNewsroom.open();
const browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
try {
  const reporter = await newsroom.contextOf(browser, "reporter1");
  const post = async (path: string, data: unknown): Promise<{ readonly id: string }> => {
    const answer = await reporter.request.post(path, { data, headers: { origin: newsroom.url } });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const content = Array.from({ length: paragraphs }, (_, n) => paragraph(n)).join("\n\n");
  const stories: {
    readonly count: number;
    readonly page: Page;
    readonly peer: Y.Doc;
    /** Another reader's document: what it has, the browser has too. */
    readonly reader: Y.Doc;
    readonly samples: Samples;
  }[] = [];
  const providers: WebsocketProvider[] = [];
  for (const count of claimCounts) {
    const { id } = await post("/api/stories", {
      headline: `Typing with ${String(count)} claims`,
      body: { format: "text", content },
    });
    for (let n = 0; n < count; n += 1) {
      await post(`/api/stories/${id}/claims`, { field: "body", kind: "number", ...claimWords(n, count) });
    }
    const page = await reporter.newPage();
    await page.goto(`/stories/${id}`);
    await page.getByRole("textbox", { name: "Story text" }).waitFor();
    if (count > 0) await page.locator("mark.claim").first().waitFor();
    const [peer, reader] = [await openPeer(id), await openPeer(id)];
    providers.push(peer.provider, reader.provider);
    stories.push({ count, page, peer: peer.doc, reader: reader.doc, samples: { local: [], remote: [] } });
    console.error(`ready: ${String(count)} claims`);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { page, peer, reader, samples } of stories) {
      await page.bringToFront();
      const cost = await mainThread(page);
      await putCaret(page);
      for (let key = 0; key < keysPerRound; key += 1) {
        samples.local.push(await cost(() => page.keyboard.type("e")));
        samples.remote.push(await cost(() => typeRemotely(peer, reader)));
      }
    }
  }
  report(stories);
  await reportPage(newsroom, browser);
  for (const provider of providers) {
    provider.destroy();
    provider.doc.destroy();
  }
} finally {
  await browser.close();
  await newsroom.close();
}

/** Different words of the paragraphs in turn, spread over the whole text. */
function claimWords(n: number, count: number): { readonly quote: string; readonly prefix?: string } {
  const at = count <= paragraphs ? Math.floor((n * paragraphs) / count) : n % paragraphs;
  const unit = `Unit ${String(at).padStart(4, "0")} counts`;
  const people = `${String(1000 + at)} people`;
  const layer = count <= paragraphs ? 0 : Math.floor(n / paragraphs);
  if (layer === 0) return { quote: unit };
  if (layer === 1) return { quote: people };
  return { quote: "report", prefix: `${unit} ${people}, says the ` };
}

async function openPeer(storyId: string) {
  const context = await newsroom.contextOf(browser, "reporter2");
  const cookies = await context.cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  await context.close();
  class WithCookie extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { cookie } });
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${newsroom.url.replace("http", "ws")}/collab`, storyId, doc, {
    // A Node socket in place of the browser's: the provider asks no more of it than this.
    WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  await new Promise<void>((resolve) => provider.once("sync", () => resolve()));
  return { doc, provider };
}

/** A letter typed by a colleague into the last third of the text; resolves when the server has told it to others. */
async function typeRemotely(doc: Y.Doc, reader: Y.Doc): Promise<void> {
  const body = doc.getXmlFragment("body");
  const block = body.get(Math.floor(body.length * 0.7));
  const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error("no paragraph there");
  const told = new Promise<void>((resolve) => reader.once("update", () => resolve()));
  text.insert(5, "e");
  await told;
}

/** The caret in the middle of the text, in words that no claim holds. */
async function putCaret(page: Page): Promise<void> {
  const line = page
    .getByRole("textbox", { name: "Story text" })
    .locator("p")
    .nth(Math.floor(paragraphs / 2));
  await line.scrollIntoViewIfNeeded();
  await line.click();
  await page.keyboard.press("End");
}

/** Measures the main thread's busy milliseconds while something happens and until it is quiet. */
async function mainThread(page: Page): Promise<(act: () => Promise<void>) => Promise<number>> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busyMs = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
  return async (act) => {
    const before = await busyMs();
    await act();
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    return (await busyMs()) - before;
  };
}

function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function report(stories: readonly { readonly count: number; readonly samples: Samples }[]): void {
  const base = stories[0];
  if (!base) return;
  console.log(
    `\n${String(words)} words, main thread ms a keystroke, ${String(rounds * keysPerRound)} keys each`,
  );
  console.log(
    "claims  local p50 / p95 (min–max)        ratio p50 / p95   remote p50 / p95 (min–max)       ratio p50 / p95",
  );
  for (const { count, samples } of stories) {
    const column = (kind: keyof Samples) => {
      const at = (share: number) => percentile(samples[kind], share);
      const ratio = (share: number) => (at(share) / percentile(base.samples[kind], share)).toFixed(2);
      const ms = (value: number) => value.toFixed(1);
      return (
        `${ms(at(0.5))} / ${ms(at(0.95))} (${ms(at(0))}–${ms(at(1))})`.padEnd(33) +
        `${ratio(0.5)}x / ${ratio(0.95)}x`.padEnd(18)
      );
    };
    console.log(`${String(count).padEnd(8)}${column("local")}${column("remote")}`);
  }
}

/** The story page's JavaScript as it travels (compressed), and the time until the text can be written in. */
async function reportPage(room: DemoNewsroom, opened: typeof browser): Promise<void> {
  const context = await room.contextOf(opened, "reporter1");
  const list = (await (await context.request.get("/api/stories?q=NATO+chief")).json()) as { id: string }[];
  const times: number[] = [];
  let bytes = 0;
  for (let load = 0; load < 5; load += 1) {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const scripts = new Set<string>();
    let loaded = 0;
    session.on("Network.responseReceived", ({ requestId, type }) => {
      if (type === "Script") scripts.add(requestId);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) loaded += encodedDataLength;
    });
    const startedMs = performance.now();
    await page.goto(`/stories/${list[0]?.id ?? ""}`);
    await page.getByRole("textbox", { name: "Story text" }).waitFor();
    times.push(performance.now() - startedMs);
    bytes = loaded;
    await page.close();
  }
  console.log(
    `\nstory page: ${(bytes / 1024).toFixed(0)} KB of JavaScript compressed; first load to a text that can be written in: ` +
      `median ${percentile(times, 0.5).toFixed(0)} ms (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}), 5 loads`,
  );
}
