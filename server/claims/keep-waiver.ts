import type { WaiverTie } from "@/domain/claims/waiver";
import type { Tx } from "../store/db";
import { insertWaiver } from "./claim-store";

/** [GT4] Appends the waiver, under the story's lock; whether it may be given was asked before. */
export async function keepWaiver(
  tx: Tx,
  given: WaiverTie & {
    readonly id: string;
    readonly claimId: string;
    readonly reason: string;
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  await insertWaiver(tx, given);
}
