/** What a form says about a value that its schema does not take, in words for people. */
type Issue = {
  readonly code: string;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly format?: unknown;
  readonly input?: unknown;
};

/** For zod's `error` option; undefined leaves the schema's own message. */
export function formSentence(issue: Issue): string | undefined {
  switch (issue.code) {
    case "too_small":
      if (issue.origin !== "string") return undefined;
      return Number(issue.minimum) <= 1 ? "Fill this in." : `At least ${String(issue.minimum)} characters.`;
    case "too_big":
      return issue.origin === "string" ? `At most ${String(issue.maximum)} characters.` : undefined;
    case "invalid_type":
      return issue.input === undefined ? "Fill this in." : undefined;
    case "invalid_format":
      if (issue.input === "") return "Fill this in.";
      if (issue.format === "email") return "This is not an e-mail address.";
      if (issue.format === "url") return "This is not a web address. It begins with https://";
      return "This is not in the form that is asked for.";
    default:
      return undefined;
  }
}
