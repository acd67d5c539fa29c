/** The one door through which the screens talk to `/api`. */
import { z } from "zod";

/** A refusal as the server words it; `more` holds what else it said (a gate's `blockers`, a form's `field`). */
export type Problem = {
  readonly status: number;
  readonly code: string;
  /** A sentence for the reader. */
  readonly title: string;
  /** The field of the form that is wrong, when it is one. */
  readonly field?: string | undefined;
  readonly more: Readonly<Record<string, unknown>>;
};

const ProblemJson = z.looseObject({ code: z.string(), title: z.string(), field: z.string().optional() });

type Question<Schema extends z.ZodType> = {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** From `/api/…` on. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The answer's shape; left out where the answer does not matter. */
  readonly schema?: Schema;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks and parses the answer. A refusal, and a network that fails, is a `problem` with a sentence; an answer of
 * another shape than the schema's is a bug and throws. An aborted question throws its AbortError.
 */
export async function askServer<Schema extends z.ZodType = z.ZodUnknown>(
  question: Question<Schema>,
): Promise<{ readonly value: z.infer<Schema> } | { readonly problem: Problem }> {
  const { method = "GET", path, body, schema, signal } = question;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: signal ?? null,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    return { problem: offline };
  }
  const text = await answer.text();
  if (!answer.ok) return { problem: problemOf(answer.status, text) };
  const parser: z.ZodType = schema ?? z.unknown();
  // Proof of the cast: the parser is the schema itself, or the answer's type is unknown.
  return { value: parser.parse(schema ? JSON.parse(text) : undefined) as z.infer<Schema> };
}

const offline: Problem = {
  status: 0,
  code: "no-connection",
  title: "The server cannot be reached. Nothing was changed; try again once you are online.",
  more: {},
};

function problemOf(status: number, text: string): Problem {
  const parsed = ProblemJson.safeParse(jsonOrNull(text));
  if (!parsed.success) {
    const title = `The server could not answer (${status}). Try again in a moment.`;
    return { status, code: "no-answer", title, more: {} };
  }
  const { code, title, field, ...more } = parsed.data;
  return { status, code, title, field, more };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A problem thrown where only throwing is possible: inside a query. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = "ProblemError";
  }
}

/** For queries: the value, or a thrown `ProblemError`. */
export async function fetchFrom<Schema extends z.ZodType>(given: {
  readonly path: string;
  readonly schema: Schema;
  readonly signal?: AbortSignal | undefined;
}): Promise<z.infer<Schema>> {
  const answer = await askServer(given);
  if ("problem" in answer) throw new ProblemError(answer.problem);
  return answer.value;
}
