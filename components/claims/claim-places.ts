/** Where each claim's words stand in this browser's text, from what the server said. */
import type { Node } from "@tiptap/pm/model";
import { fromBase64 } from "lib0/buffer";
import type * as Y from "yjs";
import { fieldText, offsetOf, type FieldText } from "@/domain/body/plain-text";
import type { Field } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { positionOf, textMapOf } from "../body/text-map";
import type { HighlightRange } from "./claim-highlights";
import { lookOf } from "./claim-look";

/**
 * The claims of one field as ranges in its editor. The relative positions are asked first, since this text may be
 * ahead of the server's; a claim whose words are not here (orphaned, or not arrived yet) has no range.
 */
export function rangesOf(
  claims: readonly Claim[],
  field: Field,
  fragment: Y.XmlFragment,
  node: Node,
): readonly HighlightRange[] {
  const here = claims.filter((claim) => claim.anchor.field === field && claim.anchor.start !== null);
  if (here.length === 0) return [];
  const text = fieldText(fragment);
  const map = textMapOf(node);
  return here.flatMap((claim) => {
    const start = offsetFrom(text, claim.anchor.relStart) ?? claim.anchor.start;
    const end = offsetFrom(text, claim.anchor.relEnd) ?? claim.anchor.end;
    if (start === null || end === null || end <= start || end > map.text.length) return [];
    return [
      {
        claimId: claim.id,
        from: positionOf(map, start, "start"),
        to: positionOf(map, end, "end"),
        look: lookOf(claim),
      },
    ];
  });
}

function offsetFrom(text: FieldText, encoded: string | null): number | null {
  return encoded === null ? null : offsetOf(text, fromBase64(encoded));
}
