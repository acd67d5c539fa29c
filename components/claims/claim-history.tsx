"use client";
/** Everything that happened to a claim, from the record. */
import { useState } from "react";
import { Disclosure } from "../ui/disclosure";
import { TimeAgo } from "../ui/time-ago";
import { actSentence } from "../record/act-sentence";
import { useClaimHistory } from "./use-claims";

export function ClaimHistory({ claimId }: { readonly claimId: string }) {
  const [open, setOpen] = useState(false);
  const history = useClaimHistory(claimId, open);
  return (
    <Disclosure title="History of this claim" onToggle={setOpen}>
      {history.isError ? (
        <p className="text-xs text-red">The history could not be fetched. Close and open it again.</p>
      ) : null}
      {history.isPending && open ? <p className="text-xs text-ink-faint">Fetching …</p> : null}
      <ol className="flex flex-col gap-1.5">
        {(history.data?.history ?? []).map((line) => (
          <li key={`${line.at} ${line.act}`} className="text-xs leading-4 text-ink-soft">
            <span className="font-medium text-ink">{line.by?.name ?? "Linecheck"}</span> {actSentence(line)}{" "}
            <TimeAgo at={line.at} className="text-ink-faint" />
          </li>
        ))}
      </ol>
    </Disclosure>
  );
}
