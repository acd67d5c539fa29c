import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainText } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import { Version } from "@/domain/versions/version";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { moved, newStory, refusedWithoutChange } from "../workflow/test-stories";

let desk: TestNewsroom;

beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const feeds = ["/feed.xml", "/feed.json"];

describe("[WF4] what is published", () => {
  test("is the approved version, byte for byte, at its address", async () => {
    const story = await newStory(desk, {
      body: { format: "markdown", content: "Some **4,600** _came_.\n\n> So it is." },
    });
    const approved = await moved(desk, "editor1", story.id, "checking", "approved");
    const published = await moved(desk, "editor2", story.id, "published");
    expect(published.publication).toMatchObject({
      slug: story.slug,
      version: approved.approval?.version,
      contentHash: approved.contentHash,
      by: { id: desk.person("editor2").id },
    });
    const page = await desk.newsroom.publishedBySlug(story.slug);
    const version = await desk
      .as("editor1")
      .get(`/api/stories/${story.id}/versions/${String(approved.approval?.version)}`);
    const { content, dateline, byline } = version.as(Version);
    expect(page).toEqual({
      slug: story.slug,
      url: `${desk.house.url}/read/${story.slug}`,
      lang: "en",
      content,
      dateline,
      byline,
      publishedAt: published.publication?.at,
    });
    expect(page && contentHash(page)).toBe(approved.contentHash);
    expect(page && plainText(page.content.body)).toBe(story.text);
    for (const feed of feeds) {
      const answer = await desk.visitor.get(feed);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(`/read/${story.slug}`);
    }
  });

  test("is not there at an address that no story can have, and neither is a story", async () => {
    const editor = desk.person("editor1");
    for (const address of ["\0", "a\0b", "A B", "x".repeat(5000)]) {
      expect(await desk.newsroom.publishedBySlug(address)).toBeNull();
      expect(await desk.newsroom.storyOf(editor, address)).toBeNull();
      expect(await desk.newsroom.claimsOf(editor, address)).toEqual([]);
    }
  });

  test("[WF5] keeps its slug, its details and its text", async () => {
    const story = await newStory(desk);
    await moved(desk, "editor1", story.id, "checking", "approved", "published");
    const patch = (change: unknown) => () => desk.as("editor1").patch(`/api/stories/${story.id}`, change);
    await refusedWithoutChange(desk, patch({ slug: "another" }), 409, "slug-frozen");
    expect((await patch({ slug: story.slug })()).status).toBe(200);
    await refusedWithoutChange(desk, patch({ byline: ["Nobody"] }), 409, "published-is-read-only");
    await refusedWithoutChange(
      desk,
      patch({ dateline: { place: "x", date: "" } }),
      409,
      "published-is-read-only",
    );
  });
});

describe("[WF4] a working text", () => {
  test("is nowhere for the public, before approval and after", async () => {
    const secret = "zyzzyva";
    const story = await newStory(desk, {
      headline: `A ${secret} visit`,
      standfirst: secret,
      body: { format: "text", content: `${secret} and 4,600 others` },
      dateline: { place: secret, date: "2026-11-24" },
      byline: [secret],
    });
    const addresses = [
      ...feeds,
      `/api/stories/${story.id}`,
      `/api/stories?q=${secret}`,
      "/api/stories",
      `/api/stories/${story.id}/versions`,
      `/api/stories/${story.id}/versions/1`,
      `/api/stories/${story.id}/claims`,
      `/api/stories/${story.id}/gate`,
      `/api/stories/${story.id}/audit`,
      "/api/audit",
      "/api/audit/head",
    ];
    for (const way of [[], ["checking"], ["approved"]] as const) {
      await moved(desk, "editor1", story.id, ...way);
      expect(await desk.newsroom.publishedBySlug(story.slug)).toBeNull();
      for (const address of addresses) {
        const answer = await desk.visitor.get(address);
        expect(answer.status, address).toBe(feeds.includes(address) ? 200 : 401);
        expect(answer.text, address).not.toContain(secret);
        expect(answer.text, address).not.toContain(story.slug);
      }
    }
  });
});

describe("hostile words", () => {
  test("come out of the feeds as words", async () => {
    const hostile = `</title>]]><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"'`;
    const story = await newStory(desk, {
      headline: hostile,
      standfirst: hostile,
      body: { format: "text", content: hostile },
      dateline: { place: hostile, date: "2026-11-24" },
      byline: [hostile],
    });
    await moved(desk, "editor1", story.id, "checking", "approved", "published");
    const rss = await desk.visitor.get("/feed.xml");
    expect(rss.headers.get("content-type")).toBe("application/rss+xml; charset=utf-8");
    expect(rss.text).not.toMatch(/<script|<img|\]\]>/);
    expect(rss.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    const json = await desk.visitor.get("/feed.json");
    expect(json.headers.get("content-type")).toContain("application/feed+json");
    expect(JSON.stringify(json.body)).not.toMatch(/"content_html":"[^"]*<script/);
    for (const answer of [rss, json]) {
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});
