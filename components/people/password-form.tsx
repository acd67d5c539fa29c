"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { PasswordChange } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { PasswordInput } from "../ui/password-input";

/** [PE3] One's own password, changed with the old one. */
export function PasswordForm() {
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState, reset, setError } = useForm({
    resolver: zodResolver(PasswordChange, { error: formSentence }),
  });
  const change = handleSubmit(async (given) => {
    setRefusal(null);
    const answer = await askServer({ method: "POST", path: "/api/me/password", body: given });
    if (!("problem" in answer)) {
      reset();
      toast("Your password is changed. Other devices are signed out.");
    } else if (answer.problem.code === "wrong-password") {
      setError("current", { message: answer.problem.title }, { shouldFocus: true });
    } else setRefusal(answer.problem.title);
  });
  const { errors, isSubmitting } = formState;
  return (
    <form
      method="post"
      noValidate
      onSubmit={(event) => void change(event)}
      className="flex max-w-sm flex-col gap-4"
    >
      <Field label="Current password" error={errors.current?.message}>
        {(ties) => <PasswordInput {...ties} {...register("current")} autoComplete="current-password" />}
      </Field>
      <Field label="New password" hint="At least 10 characters." error={errors.next?.message}>
        {(ties) => <PasswordInput {...ties} {...register("next")} autoComplete="new-password" />}
      </Field>
      <FormProblem sentence={refusal} />
      <Button type="submit" look="primary" busy={isSubmitting} className="self-start">
        Change password
      </Button>
    </form>
  );
}
