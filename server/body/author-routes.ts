/** `GET /api/stories/:id/authors`: who wrote these words. */
import { Hono } from "hono";
import { AuthorsAsked, wordsNotThere } from "@/domain/body/who-wrote";
import { isRefused } from "@/domain/refusal";
import type { House } from "../house";
import type { ApiEnv } from "../http/env";
import { answerProblem } from "../http/problem";
import { storyProblem } from "../stories/story-problems";
import { readAuthors } from "./read-authors";

const wrongForm = "Name a field, and the words in it by relStart and relEnd or by start and end.";

export function authorRoutes(house: House): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/api/stories/:id/authors", async (c) => {
    const asked = AuthorsAsked.safeParse(c.req.query());
    const authors = await readAuthors(house, c.get("signedIn").person, c.req.param("id"), asked.data);
    if (!isRefused(authors)) return c.json(authors);
    const code = authors.refused;
    switch (code) {
      case "no-such-story":
        return answerProblem(c, storyProblem(code));
      case "wrong-form":
        return answerProblem(c, { status: 422, code, sentence: wrongForm });
      case "words-not-there":
        return answerProblem(c, { status: 409, code, sentence: wordsNotThere });
    }
  });
  return routes;
}
