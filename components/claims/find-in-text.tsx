"use client";
/** Puts a claim whose words are gone on the words selected in the text. */
import { useState } from "react";
import { toast } from "sonner";
import { rewordClaim } from "@/domain/claims/change-claim";
import { isRefused } from "@/domain/refusal";
import { ReasonField } from "../ui/reason-field";
import { useAsking } from "../ui/use-asking";
import { ClaimActDialog } from "./claim-act-dialog";
import type { ClaimsDesk } from "./use-claims-desk";

export function FindInText({ desk }: { readonly desk: ClaimsDesk }) {
  const { finding } = desk;
  // Each claim's question is one of its own: no reason is carried from one to the next.
  return finding ? <Question key={finding.claim.id} desk={desk} {...finding} /> : null;
}

type QuestionProps = { readonly desk: ClaimsDesk } & NonNullable<ClaimsDesk["finding"]>;

function Question({ desk, claim, words }: QuestionProps) {
  const { person, facts, acts, stopFinding, open } = desk;
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const may = rewordClaim({ person, story: facts }, claim, {
    quote: words.quote,
    reason: reason.trim() || undefined,
  });
  const wantsReason = reason !== "" || (isRefused(may) && may.refused === "needs-reason");
  const send = () =>
    ask(async () => {
      const answer = await acts.findInText(claim.id, {
        ...words,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      if ("problem" in answer) return setProblem(answer.problem.title);
      toast("The claim stands on these words now");
      stopFinding();
      open(claim.id, { toCard: true });
    });
  return (
    <ClaimActDialog
      title="Put the claim on these words?"
      act="Put it there"
      refused={isRefused(may) ? may.refused : null}
      busy={busy}
      problem={problem}
      onAct={send}
      onClose={stopFinding}
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        <dt className="text-ink-faint">Was</dt>
        <dd className="font-serif text-base">{claim.anchor.words}</dd>
        <dt className="text-ink-faint">Now</dt>
        <dd className="font-serif text-base">{words.quote}</dd>
      </dl>
      {wantsReason ? <ReasonField value={reason} onChange={setReason} /> : null}
    </ClaimActDialog>
  );
}
