/** A person of the demo newsroom at the API, as a program would be: for what a journey finds already done. */
import { expect, request, type APIRequestContext } from "@playwright/test";
import type { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import { Story } from "@/domain/stories/story";
import { demoPassword, type DemoNewsroom, type DemoPerson } from "./newsroom";

type Given = Readonly<Record<string, unknown>>;

export class ApiPerson {
  private constructor(readonly api: APIRequestContext) {}

  static async signIn(newsroom: DemoNewsroom, person: DemoPerson): Promise<ApiPerson> {
    const api = await request.newContext({
      baseURL: newsroom.url,
      extraHTTPHeaders: { origin: newsroom.url },
    });
    const data = { email: `${person}@demo.test`, password: demoPassword };
    const answer = await api.post("/api/auth/sign-in/email", { data });
    if (!answer.ok()) throw new Error(`${person} could not sign in: ${await answer.text()}`);
    return new ApiPerson(api);
  }

  /** Sends, and is not refused. */
  async send<Value>(path: string, data: Given, schema: z.ZodType<Value>): Promise<Value> {
    const answer = await this.api.post(path, { data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return schema.parse(await answer.json());
  }

  async story(storyId: string): Promise<Story> {
    return Story.parse(await (await this.api.get(`/api/stories/${storyId}`)).json());
  }

  /** A story that lacks nothing but what the test names. */
  start(given: Given): Promise<Story> {
    const whole = {
      headline: "Soldiers in the valley",
      dateline: { place: "Pristina", date: "2026-03-02" },
      ...given,
    };
    return this.send("/api/stories", whole, Story);
  }

  mark(storyId: string, quote: string, given: Given = {}): Promise<Claim> {
    const claim = { field: "body", quote, kind: "number", ...given };
    return this.send(`/api/stories/${storyId}/claims`, claim, Claim);
  }

  judge(claim: Claim, verdict = "verified", given: Given = {}): Promise<Claim> {
    return this.send(`/api/claims/${claim.id}/verdicts`, { verdict, ...given }, Claim);
  }

  /** Asks for the move, with the hash that the story has now. */
  async move(storyId: string, to: Story["status"], reason = "Because."): Promise<void> {
    const { contentHash } = await this.story(storyId);
    const answer = await this.api.post(`/api/stories/${storyId}/moves`, {
      data: { to, contentHash, reason },
    });
    expect(answer.ok(), `${to}: ${await answer.text()}`).toBe(true);
  }
}

/** A body in plain text: one paragraph a part. */
export const paragraphs = (...parts: readonly string[]) => ({
  format: "text",
  content: parts.join("\n\n"),
});
