"use client";
import { useState } from "react";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { FormProblem } from "../ui/form-problem";
import { ReasonField } from "../ui/reason-field";
import { useAsking } from "../ui/use-asking";

type ReasonDialogProps = {
  readonly title: string;
  readonly description: string;
  readonly act: string;
  readonly danger?: boolean;
  /** Answers with a sentence when it was refused; then the dialog stays open with what was typed. */
  readonly onGive: (reason: string) => Promise<string | null>;
  readonly onClose: () => void;
};

/** An act that is signed with a reason: it stands in the record. */
export function ReasonDialog({
  title,
  description,
  act,
  danger = false,
  onGive,
  onClose,
}: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const send = () =>
    ask(async () => {
      const refused = await onGive(reason.trim());
      if (refused === null) onClose();
      else setProblem(refused);
    });
  return (
    <Dialog open onOpenChange={onClose} title={title} description={description}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <ReasonField
          value={reason}
          onChange={setReason}
          hint="It is kept in the record with your name."
          autoFocus
        />
        <FormProblem sentence={problem} />
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={danger ? "danger" : "primary"}
            type="submit"
            busy={busy}
            disabled={reason.trim() === ""}
          >
            {act}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
