/** [WF4] What the public gets: the published version, complete without a script, and nothing of any working text. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type APIRequestContext, type Browser } from "@playwright/test";
import { DemoNewsroom } from "./newsroom";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

type Moved = {
  readonly id: string;
  readonly slug: string;
  readonly contentHash: string;
  readonly text: string;
};

/** Started by a reporter through the API, and moved by an editor as far as asked. */
async function story(
  browser: Browser,
  start: Readonly<Record<string, unknown>>,
  ...way: readonly string[]
): Promise<Moved> {
  const reporter = (await newsroom.contextOf(browser, "reporter1")).request;
  const editor = (await newsroom.contextOf(browser, "editor1")).request;
  const { id } = (await sent(reporter, "/api/stories", start)) as Moved;
  for (const to of way) {
    const { contentHash } = (await (await editor.get(`/api/stories/${id}`)).json()) as Moved;
    await sent(editor, `/api/stories/${id}/moves`, { to, contentHash });
  }
  return (await (await editor.get(`/api/stories/${id}`)).json()) as Moved;
}

async function sent(api: APIRequestContext, path: string, data: unknown): Promise<unknown> {
  const answer = await api.post(path, { data, headers: { origin: newsroom.url } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.json();
}

const visit = {
  headline: "A visit to the valley",
  standfirst: "The summary of it.",
  dateline: { place: "Pristina", date: "2026-11-24" },
  byline: ["Reporter One", "Reporter Two"],
  body: {
    format: "markdown",
    content: "Some **4,600** soldiers came.\n\n## The north\n\n> So it is.\n\n- one\n- two",
  },
};

test("[WF4] a visitor without a session and without scripts reads exactly what was approved", async ({
  browser,
}) => {
  const { slug, text } = await story(browser, visit, "checking", "approved", "published");
  const context = await browser.newContext({ baseURL: newsroom.url, javaScriptEnabled: false });
  const page = await context.newPage();
  const answer = await page.goto(`/read/${slug}`);
  expect(answer?.status()).toBe(200);
  const article = page.getByRole("article");
  await expect(article.getByRole("heading", { level: 1 })).toHaveText(visit.headline);
  for (const words of [
    visit.standfirst,
    "Reporter One, Reporter Two",
    "24 November 2026",
    ...text.split("\n\n"),
  ]) {
    await expect(article).toContainText(words);
  }
  await expect(page).toHaveTitle(visit.headline);
  const url = `${newsroom.url}/read/${slug}`;
  await expect(page.locator('head link[rel="canonical"]')).toHaveAttribute("href", url);
  await expect(page.locator('head meta[name="description"]')).toHaveAttribute("content", visit.standfirst);
  await expect(page.locator('head meta[property="og:type"]')).toHaveAttribute("content", "article");
  const data: unknown = JSON.parse(await page.locator('script[type="application/ld+json"]').innerText());
  expect(data).toMatchObject({ "@type": "NewsArticle", headline: visit.headline, articleBody: text, url });
  await context.close();

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [390, 1280]) {
      const scripted = await browser.newContext({
        baseURL: newsroom.url,
        colorScheme,
        viewport: { width, height: 800 },
      });
      const screen = await scripted.newPage();
      await screen.goto(`/read/${slug}`);
      expect((await new AxeBuilder({ page: screen }).setLegacyMode().analyze()).violations).toEqual([]);
      const overflow = await screen.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await scripted.close();
    }
  }
});

test("[WF4] a working text is on no page for the public", async ({ browser }) => {
  const secret = "zyzzyva";
  const start = { ...visit, headline: `A ${secret}`, standfirst: secret, byline: [secret] };
  for (const [n, way] of [[], ["checking"], ["checking", "approved"]].entries()) {
    const { id, slug } = await story(browser, { ...start, slug: `quiet-${String(n)}` }, ...way);
    const context = await browser.newContext({ baseURL: newsroom.url });
    for (const path of [`/read/${slug}`, "/", `/stories/${id}`, "/feed.xml", "/feed.json", "/sign-in"]) {
      const answer = await context.request.get(path);
      expect(await answer.text(), path).not.toContain(secret);
    }
    const page = await context.newPage();
    expect((await page.goto(`/read/${slug}`))?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "There is no story at this address" })).toBeVisible();
    await context.close();
  }
});

test("hostile words run nowhere on the public page", async ({ browser }) => {
  const hostile = `</script><script>window.hit=1</script><img src=x onerror="window.hit=1">`;
  const { slug } = await story(
    browser,
    {
      headline: hostile,
      standfirst: hostile,
      dateline: { place: hostile, date: "2026-11-24" },
      byline: [hostile],
      body: { format: "text", content: hostile },
    },
    "checking",
    "approved",
    "published",
  );
  const context = await browser.newContext({ baseURL: newsroom.url });
  const page = await context.newPage();
  await page.goto(`/read/${slug}`, { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(hostile);
  expect(await page.evaluate(() => "hit" in window)).toBe(false);
  await expect(page.locator("article img, article script")).toHaveCount(0);
});
