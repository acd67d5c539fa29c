/** The expected noes about versions, with the sentence that is said on screen. */
export const versionRefusals = {
  "no-such-version": "This story has no such version.",
} as const satisfies Readonly<Record<string, string>>;

export type VersionRefusal = keyof typeof versionRefusals;
