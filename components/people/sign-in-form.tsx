"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { SignIn } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { PasswordInput } from "../ui/password-input";
import { TextInput } from "../ui/text-input";

/**
 * Address and password. What was typed before the page was ready stays (hence no default values). After a refusal the password is chosen, ready to be typed again.
 */
export function SignInForm({ next }: { readonly next: string }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState, setFocus } = useForm({
    resolver: zodResolver(SignIn, { error: formSentence }),
  });
  const signIn = handleSubmit(async (given) => {
    setRefusal(null);
    const answer = await askServer({ method: "POST", path: "/api/auth/sign-in/email", body: given });
    if ("problem" in answer) {
      setRefusal(answer.problem.title);
      setFocus("password", { shouldSelect: true });
      return;
    }
    window.location.assign(next);
    // The button stays busy until the next page is there.
    await new Promise(() => {});
  });
  const { errors, isSubmitting } = formState;
  return (
    <form method="post" noValidate onSubmit={(event) => void signIn(event)} className="flex flex-col gap-4">
      <Field label="E-mail" error={errors.email?.message}>
        {(ties) => (
          <TextInput
            {...ties}
            {...register("email")}
            type="email"
            autoComplete="username"
            autoCapitalize="none"
          />
        )}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {(ties) => <PasswordInput {...ties} {...register("password")} autoComplete="current-password" />}
      </Field>
      <FormProblem sentence={refusal} />
      <Button type="submit" look="primary" busy={isSubmitting}>
        Sign in
      </Button>
      <p className="text-xs text-ink-faint">
        No password yet, or forgotten? Ask your admin for a link: with it you choose a new one.
      </p>
    </form>
  );
}
