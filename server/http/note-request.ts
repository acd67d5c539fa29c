/** One line and one count for each request, whoever answers it: ids and patterns, never what people wrote. */
import { Id } from "@/domain/people/person";
import type { House } from "../house";
import { closingProblem } from "./refuse-upgrade";

export type AnsweredRequest = {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of its address; of such there are few. */
  readonly route: string;
  /** Its address, of which only ids are written down. */
  readonly path: string;
  readonly status: number;
  /** By performance.now. */
  readonly startedMs: number;
  readonly personId?: string | undefined;
  /** The word of the refusal. */
  readonly refused?: string | undefined;
  /** The client went before it had everything. */
  readonly isCut?: boolean;
  /** No news: only where everything is written down. */
  readonly isQuiet?: boolean;
};

export function noteRequest(
  { log, metrics }: Pick<House, "log" | "metrics">,
  request: AnsweredRequest,
): void {
  const { requestId, method, route, path, status, personId, refused, isCut, isQuiet } = request;
  const tookMs = performance.now() - request.startedMs;
  metrics.answered({ method, route, status, seconds: tookMs / 1000 });
  const line = {
    requestId,
    method,
    route,
    ...idsIn(route, path),
    status,
    tookMs: Math.round(tookMs),
    personId,
    refused,
    isCut: isCut === true ? true : undefined,
  };
  const isFailure = status >= 500 && refused !== closingProblem.code;
  if (isFailure) log.error(line, "request");
  else if (isQuiet) log.debug(line, "request");
  else log.info(line, "request");
}

const idNames: Readonly<Record<string, string>> = {
  stories: "storyId",
  claims: "claimId",
  people: "aboutId",
};

/** What the pattern calls `:id` is an id by its form; a slug is words. */
function idsIn(route: string, path: string): Readonly<Record<string, string>> {
  const given = path.split("/");
  const at = route.split("/").indexOf(":id");
  const name = idNames[given[at - 1] ?? ""];
  const id = Id.safeParse(given[at]).data;
  return name === undefined || id === undefined ? {} : { [name]: id };
}
