"use client";
/** What may be done to a claim itself: kind, importance, removal; with a reason where the rules ask for one. */
import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { importances, kinds, type Claim, type Importance, type Kind } from "@/domain/claims/claim";
import { changeClaim, removeClaim } from "@/domain/claims/change-claim";
import { inQuotes } from "@/domain/claims/words-quoted";
import { isRefused } from "@/domain/refusal";
import { asksReason, type StoryFacts } from "@/domain/people/rights";
import type { Person } from "@/domain/people/person";
import { Field } from "../ui/field";
import { ReasonField } from "../ui/reason-field";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuItem } from "../ui/menu";
import { Select } from "../ui/select";
import { useAsking } from "../ui/use-asking";
import { ClaimActDialog } from "./claim-act-dialog";
import { importanceWords, kindWords } from "./claim-look";
import type { ClaimActs } from "./use-claims";

type ClaimMenuProps = {
  readonly claim: Claim;
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly acts: ClaimActs;
};

export function ClaimMenu(given: ClaimMenuProps) {
  const [open, setOpen] = useState<"change" | "remove" | null>(null);
  return (
    <>
      <Menu
        trigger={
          <IconButton
            size="small"
            label="More about this claim"
            icon={<MoreHorizontal size={16} aria-hidden />}
          />
        }
      >
        <MenuItem onSelect={() => setOpen("change")}>Kind and importance …</MenuItem>
        <MenuItem danger onSelect={() => setOpen("remove")}>
          Remove claim …
        </MenuItem>
      </Menu>
      {open === "change" ? <ChangeDialog {...given} onClose={() => setOpen(null)} /> : null}
      {open === "remove" ? <RemoveDialog {...given} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

type DialogGiven = ClaimMenuProps & { readonly onClose: () => void };

function ChangeDialog({ claim, person, facts, acts, onClose }: DialogGiven) {
  const [kind, setKind] = useState<Kind>(claim.kind);
  const [importance, setImportance] = useState<Importance>(claim.importance);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const unchanged = kind === claim.kind && importance === claim.importance;
  const may = changeClaim({ person, story: facts }, claim, {
    kind,
    importance,
    reason: reason.trim() || undefined,
  });
  const wantsReason = reason !== "" || (isRefused(may) && may.refused === "needs-reason");
  const send = () =>
    ask(async () => {
      const answer = await acts.change(claim.id, {
        ...(kind === claim.kind ? {} : { kind }),
        ...(importance === claim.importance ? {} : { importance }),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      if ("problem" in answer) return setProblem(answer.problem.title);
      toast("Claim changed");
      onClose();
    });
  return (
    <ClaimActDialog
      title="Kind and importance"
      description={inQuotes(claim.anchor.words)}
      act="Change claim"
      refused={isRefused(may) ? may.refused : null}
      disabled={unchanged}
      busy={busy}
      problem={problem}
      onAct={send}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-3">
        <KindField value={kind} onChange={setKind} />
        <ImportanceField value={importance} onChange={setImportance} />
      </div>
      {wantsReason ? <ReasonField value={reason} onChange={setReason} /> : null}
    </ClaimActDialog>
  );
}

function RemoveDialog({ claim, person, facts, acts, onClose }: DialogGiven) {
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const may = removeClaim({ person, story: facts }, claim, reason.trim() || undefined);
  const send = () =>
    ask(async () => {
      const answer = await acts.remove(claim.id, reason.trim() || null);
      if ("problem" in answer) return setProblem(answer.problem.title);
      toast("Claim removed. It stays in the record.");
      onClose();
    });
  return (
    <ClaimActDialog
      title="Remove this claim?"
      description={`${inQuotes(claim.anchor.words)} will not be checked any more. The claim and its verdicts stay in the record; the text stays as it is.`}
      act="Remove claim"
      danger
      refused={isRefused(may) ? may.refused : null}
      busy={busy}
      problem={problem}
      onAct={send}
      onClose={onClose}
    >
      {asksReason(person) ? <ReasonField value={reason} onChange={setReason} autoFocus /> : null}
    </ClaimActDialog>
  );
}

type ChoiceProps<Value> = { readonly value: Value; readonly onChange: (value: Value) => void };

export function KindField({ value, onChange }: ChoiceProps<Kind>) {
  return (
    <Field label="Kind">
      {(ties) => (
        <Select
          {...ties}
          value={value}
          onChange={(event) => onChange(kinds.find((kind) => kind === event.target.value) ?? value)}
          options={kinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
        />
      )}
    </Field>
  );
}

export function ImportanceField({ value, onChange }: ChoiceProps<Importance>) {
  return (
    <Field label="Importance">
      {(ties) => (
        <Select
          {...ties}
          value={value}
          onChange={(event) => onChange(importances.find((one) => one === event.target.value) ?? value)}
          options={importances.map((one) => ({ value: one, label: importanceWords[one] }))}
        />
      )}
    </Field>
  );
}
