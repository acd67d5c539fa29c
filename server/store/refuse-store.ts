import type { Refusal } from "@/domain/refusal";

export type StoreRefusalWord =
  | "no-permission"
  | "no-postgresql"
  | "cannot-start"
  | "unreachable"
  | "newer-store"
  | "older-store"
  | "other-process"
  | "no-store";

/** Why the store does not open; `sentence` is the one clear line for the operator. Nothing was changed. */
export type StoreRefusal = Refusal<StoreRefusalWord> & { readonly sentence: string };

export const refuseStore = (refused: StoreRefusalWord, sentence: string): StoreRefusal => ({
  refused,
  sentence,
});

/** The system's word for what went wrong with a file ("EACCES"), or undefined for any other failure. */
export const fileErrorOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
