"use client";
/** An act on a claim that is asked back: what it is about, what it needs, why it may not be, the buttons. */
import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { FormProblem } from "../ui/form-problem";
import { whyNot } from "./why-not";

type ClaimActDialogProps = {
  readonly title: string;
  readonly description?: string;
  /** The button's word. */
  readonly act: string;
  readonly danger?: boolean;
  /** Why the rules refuse it as it stands, null when they do not. A missing reason is asked for, not explained. */
  readonly refused: Parameters<typeof whyNot>[0] | null;
  readonly disabled?: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onAct: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

export function ClaimActDialog(given: ClaimActDialogProps) {
  const { title, description, act, danger = false, refused, disabled = false, busy, problem } = given;
  const { onAct, onClose, children } = given;
  return (
    <Dialog open onOpenChange={onClose} title={title} description={description}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onAct();
        }}
      >
        {children}
        {refused !== null && refused !== "needs-reason" ? (
          <p className="text-sm text-ink-soft">{whyNot(refused)}</p>
        ) : null}
        <FormProblem sentence={problem} />
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={danger ? "danger" : "primary"}
            type="submit"
            busy={busy}
            disabled={disabled || refused !== null}
          >
            {act}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
