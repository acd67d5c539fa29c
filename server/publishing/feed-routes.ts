/** `/feed.xml` and `/feed.json`: for anyone, the published versions only. */
import { Hono } from "hono";
import { jsonFeed, rssFeed, type Feed } from "@/domain/publishing/feed";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { newestPublished } from "./read-publications";

const stories = 50;
const caching = "public, max-age=60";

export function feedRoutes(house: House): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const feed = async (): Promise<Feed> => ({
    title: "Linecheck",
    description: "Published stories, newest first",
    url: house.url,
    stories: await newestPublished(house, stories),
  });

  routes.get("/feed.xml", async (c) =>
    c.body(rssFeed(await feed()), 200, {
      "content-type": "application/rss+xml; charset=utf-8",
      "cache-control": caching,
    }),
  );
  routes.get("/feed.json", async (c) =>
    c.body(JSON.stringify(jsonFeed(await feed())), 200, {
      "content-type": "application/feed+json; charset=utf-8",
      "cache-control": caching,
    }),
  );
  return routes;
}
