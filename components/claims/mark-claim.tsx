"use client";
/** The question behind “Add claim”: which kind, how important, what to look at. */
import { useState } from "react";
import { toast } from "sonner";
import type { Claim, ClaimStart, Importance, Kind } from "@/domain/claims/claim";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { TextArea } from "../ui/text-input";
import { useAsking } from "../ui/use-asking";
import { ImportanceField, KindField } from "./claim-menu";
import { likelyKind } from "./likely-kind";
import type { ClaimActs } from "./use-claims";

/** The words selected in the text, with what the server needs to find them. */
export type WordsSelected = Pick<ClaimStart, "field" | "quote" | "prefix" | "suffix" | "relStart" | "relEnd">;

type MarkClaimProps = {
  readonly words: WordsSelected;
  readonly acts: ClaimActs;
  readonly onMarked: (claim: Claim) => void;
  readonly onClose: () => void;
};

export function MarkClaim({ words, acts, onMarked, onClose }: MarkClaimProps) {
  const [kind, setKind] = useState<Kind>(() => likelyKind(words.quote));
  const [importance, setImportance] = useState<Importance>("normal");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const send = () =>
    ask(async () => {
      const answer = await acts.mark({
        ...words,
        kind,
        importance,
        ...(note.trim() ? { note: note.trim() } : {}),
      });
      if ("problem" in answer) return setProblem(answer.problem.title);
      toast("Claim added");
      onMarked(answer.value);
    });
  return (
    <Dialog open onOpenChange={onClose} title="Add claim">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <blockquote className="line-clamp-4 border-l-2 border-accent pl-3 font-serif text-base text-ink">
          {words.quote}
        </blockquote>
        <div className="grid grid-cols-2 gap-3">
          <KindField value={kind} onChange={setKind} />
          <ImportanceField value={importance} onChange={setImportance} />
        </div>
        <Field label="Note (optional)">
          {(ties) => (
            <TextArea
              {...ties}
              rows={2}
              maxLength={2000}
              placeholder="What to look at, where it comes from"
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <FormProblem sentence={problem} />
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={busy}>
            Add claim
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
