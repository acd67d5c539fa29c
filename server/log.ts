/**
 * The log: ids and words of our own, never what people wrote. An error of the store carries the query's parameters
 * (tokens, text, sources) in its message, its stack and its fields, so errors are written down by what is listed here.
 */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

type LoggedError = {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  /** The lines that say where, not the ones that repeat the message. */
  readonly stack: string;
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
};

/** Every logger of this process is opened here. */
export function openLog(level: NonNullable<LoggerOptions["level"]>, to?: DestinationStream): Logger {
  const options = { level, serializers: { err: logged } };
  return to ? pino(options, to) : pino(options);
}

/** What went wrong as one line for the operator. */
export function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error was thrown";
  const said =
    carriesValues(error) && error.cause instanceof Error ? messageOf(error.cause) : messageOf(error);
  return said.split("\n", 1)[0] ?? "";
}

/** The same failure with nothing of the query in it, for whoever prints what is thrown at them. */
export function withoutValues(error: unknown): Error {
  const bare = new Error(failureLine(error));
  if (error instanceof Error) bare.stack = `Error: ${bare.message}\n${whereOf(error)}`;
  return bare;
}

function logged(error: unknown, depth = 0): unknown {
  return error instanceof Error ? loggedError(error, depth) : `no error: ${typeof error}`;
}

function loggedError(error: Error, depth: number): LoggedError {
  const inner = (one: unknown) => (one instanceof Error && depth < 4 ? [loggedError(one, depth + 1)] : []);
  const [cause] = inner(error.cause);
  const errors = error instanceof AggregateError ? error.errors.flatMap(inner) : [];
  return {
    type: error.constructor.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    message: messageOf(error),
    stack: whereOf(error),
    ...(cause ? { cause } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
}

const carriesValues = (error: Error) => "params" in error;

/** PostgreSQL's class 22, "data exception": its messages quote the value. */
const quotesAValue = (error: Error) =>
  "code" in error && typeof error.code === "string" && /^22\w{3}$/.test(error.code);

function messageOf(error: Error): string {
  if (carriesValues(error)) return "a query failed";
  return quotesAValue(error) ? "a value was refused by the store" : error.message;
}

/** The stack begins with the message, which may have lines that look like the others. */
function whereOf({ stack = "", message }: Error): string {
  const [, ...after] = stack.split(message);
  return (message === "" ? stack : after.join(message))
    .split("\n")
    .filter((line) => /^\s+at\s.*[:(<][\w<> ]+\)?$/.test(line))
    .join("\n");
}
