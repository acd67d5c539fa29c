"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Invitation, Invited } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { TextInput } from "../ui/text-input";
import { OneTimeLink } from "./one-time-link";
import { RoleChoice } from "./role-choice";

type InviteDialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** [PE3] Name, address and role; then the link, once. */
export function InviteDialog({ open, onOpenChange }: InviteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Invite a person"
      description="You get a link to send to them. With it they choose their own password."
    >
      <InviteSteps onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function InviteSteps({ onDone }: { readonly onDone: () => void }) {
  const queries = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [invited, setInvited] = useState<{ readonly name: string; readonly link: string } | null>(null);
  const { register, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(Invitation, { error: formSentence }),
    defaultValues: { name: "", email: "", role: "reporter" as const },
  });
  const invite = handleSubmit(async (given) => {
    setRefusal(null);
    const answer = await askServer({ method: "POST", path: "/api/people", body: given, schema: Invited });
    if ("problem" in answer) {
      const { code, title } = answer.problem;
      if (code === "address-taken") setError("email", { message: title }, { shouldFocus: true });
      else setRefusal(title);
      return;
    }
    setInvited({ name: given.name, link: answer.value.link });
    void queries.invalidateQueries({ queryKey: ["people"] });
  });
  if (invited) return <OneTimeLink {...invited} onDone={onDone} />;
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={(event) => void invite(event)} className="flex flex-col gap-4">
      <Field label="Name" error={errors.name?.message}>
        {(ties) => <TextInput {...ties} {...register("name")} autoComplete="off" />}
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        {(ties) => <TextInput {...ties} {...register("email")} type="email" autoComplete="off" />}
      </Field>
      <RoleChoice {...register("role")} />
      <FormProblem sentence={refusal} />
      <DialogButtons>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" busy={isSubmitting}>
          Invite
        </Button>
      </DialogButtons>
    </form>
  );
}
