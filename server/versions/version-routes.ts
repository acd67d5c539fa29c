/** `/api/stories/:id/versions`: list, read, compare, restore. */
import { Hono } from "hono";
import type { MissingRight } from "@/domain/people/rights";
import { isRefused } from "@/domain/refusal";
import type { StoryRefusal } from "@/domain/stories/story-refusals";
import { versionRefusals, type VersionRefusal } from "@/domain/versions/version-refusals";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { answerProblem, type Problem } from "../http/problem";
import { storyProblem } from "../stories/story-problems";
import { compareVersions, listVersions, readVersion } from "./read-versions";
import { restoreVersion, type ForRestore } from "./restore-version";

export function versionRoutes(house: House, below: ForRestore): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const path = "/api/stories/:id/versions";

  routes.get(path, async (c) => {
    const listed = await listVersions(house, c.get("signedIn").person, c.req.param("id"));
    return isRefused(listed) ? answerProblem(c, versionProblem(listed.refused)) : c.json(listed);
  });

  routes.get(`${path}/:n`, async (c) => {
    const { id, n } = c.req.param();
    const version = await readVersion(house, c.get("signedIn").person, id, versionNumber(n));
    return isRefused(version) ? answerProblem(c, versionProblem(version.refused)) : c.json(version);
  });

  routes.get(`${path}/:a/diff/:b`, async (c) => {
    const { id, a, b } = c.req.param();
    const pair = { a: versionNumber(a), b: b === "now" ? b : versionNumber(b) } as const;
    const diff = await compareVersions(house, below.textOf, c.get("signedIn").person, id, pair);
    return isRefused(diff) ? answerProblem(c, versionProblem(diff.refused)) : c.json(diff);
  });

  routes.post(`${path}/:n/restore`, async (c) => {
    const { id, n } = c.req.param();
    const restored = await restoreVersion(house, below, c.get("signedIn").person, id, versionNumber(n));
    return isRefused(restored) ? answerProblem(c, versionProblem(restored.refused)) : c.json(restored);
  });
  return routes;
}

/** 0, which no version has, when the address holds no number that a version could have. */
function versionNumber(given: string): number {
  return /^[1-9]\d{0,8}$/.test(given) ? Number(given) : 0;
}

function versionProblem(refused: MissingRight | StoryRefusal | VersionRefusal): Problem {
  if (refused === "no-such-version") {
    return { status: 404, code: refused, sentence: versionRefusals[refused] };
  }
  return storyProblem(refused);
}
