const safe = /^[\w.-]{1,64}$/;

/** The id under which a request is written down: what a proxy gave (`X-Request-Id`), where it is short and plain, else a new one. */
export const requestIdOf = (given: string | readonly string[] | undefined, newId: () => string): string =>
  typeof given === "string" && safe.test(given) ? given : newId();
