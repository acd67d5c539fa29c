/** Every refusal over HTTP: `application/problem+json` with `code` and a sentence. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";

export type Problem = {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  /** Says what happened and what to do. */
  readonly sentence: string;
  readonly more?: Readonly<Record<string, unknown>> | undefined;
};

/** Answers with the problem; nothing was changed. */
export function answerProblem(c: Context, problem: Problem): Response {
  const body = { code: problem.code, title: problem.sentence, status: problem.status, ...problem.more };
  return c.body(JSON.stringify(body), problem.status, { "content-type": "application/problem+json" });
}

/**
 * Reads the request's JSON body with the schema from `domain/`.
 * Gives the parsed value, or the 422 problem that names the first field that is wrong.
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<{ readonly value: z.infer<Schema> } | { readonly problem: Problem }> {
  let json: unknown;
  let holdsNull = false;
  try {
    json = JSON.parse(await c.req.text(), (key, value: unknown) => {
      // The store cannot keep it.
      if (key.includes("\0") || (typeof value === "string" && value.includes("\0"))) holdsNull = true;
      // Half a character, which neither the store nor a hash can tell from another half.
      return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\uFFFD") : value;
    });
  } catch {
    return { problem: { status: 422, code: "not-json", sentence: "The request's body is not JSON." } };
  }
  if (holdsNull) {
    const sentence = "The body holds a character (U+0000) that no text has.";
    return { problem: { status: 422, code: "wrong-form", sentence } };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  const sentence = field
    ? `The field ${field} is not right: ${issue?.message ?? ""}.`
    : `The body is not right: ${issue?.message ?? ""}.`;
  return { problem: { status: 422, code: "wrong-form", sentence, more: { field } } };
}
