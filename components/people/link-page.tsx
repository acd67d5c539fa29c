"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useState, useSyncExternalStore } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { Password } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { PasswordInput } from "../ui/password-input";
import { useAsking } from "../ui/use-asking";
import { Door } from "./door";

const PasswordForm = z.object({ password: Password });

type Step = "enter" | "choose-password" | "not-valid";

const listenToHash = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

/**
 * [PE3] The page of a one-time link. The secret stands after `#`, so that it reaches no server by opening the page,
 * and opening uses nothing up: the button does. Whether a password is asked the server says; it uses nothing up then.
 */
export function LinkPage() {
  const token = useSyncExternalStore(
    listenToHash,
    () => window.location.hash.slice(1),
    () => null,
  );
  if (token === null) return <Door title="Your link">{null}</Door>;
  return <LinkSteps key={token} token={token} />;
}

/** The word before the dot of a secret says what its link is for. */
const firstStep = (token: string): Step => {
  if (token === "") return "not-valid";
  return /^(invitation|reset)\./.test(token) ? "choose-password" : "enter";
};

function LinkSteps({ token }: { readonly token: string }) {
  const [step, setStep] = useState<Step>(firstStep(token));
  const [refusal, setRefusal] = useState<string | null>(null);

  async function redeem(password?: string): Promise<void> {
    setRefusal(null);
    const body = password === undefined ? { token } : { token, password };
    const answer = await askServer({ method: "POST", path: "/api/auth/links", body });
    if (!("problem" in answer)) {
      window.location.assign("/");
      await new Promise(() => {});
      return;
    }
    const { code, title } = answer.problem;
    if (code === "needs-password") setStep("choose-password");
    else if (code === "link-not-valid") setStep("not-valid");
    else setRefusal(title);
  }

  switch (step) {
    case "enter":
      return <Enter refusal={refusal} redeem={redeem} />;
    case "choose-password":
      return <ChoosePassword isReset={token.startsWith("reset.")} refusal={refusal} redeem={redeem} />;
    case "not-valid":
      return <NotValid />;
  }
}

type StepProps = { readonly refusal: string | null; readonly redeem: (password?: string) => Promise<void> };

function Enter({ refusal, redeem }: StepProps) {
  const { busy, ask } = useAsking();
  return (
    <Door title="Your link is ready">
      <p className="mb-5 text-sm text-ink-soft">
        It lets you into the newsroom once. Nothing is used up until you press the button.
      </p>
      <div className="flex flex-col gap-4">
        <FormProblem sentence={refusal} />
        <Button look="primary" busy={busy} onClick={() => ask(() => redeem())}>
          Enter the newsroom
        </Button>
      </div>
    </Door>
  );
}

function ChoosePassword({ isReset, refusal, redeem }: StepProps & { readonly isReset: boolean }) {
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(PasswordForm, { error: formSentence }),
  });
  const choose = handleSubmit(({ password }) => redeem(password));
  return (
    <Door title={isReset ? "Choose a new password" : "Welcome. Choose your password"}>
      <form method="post" noValidate onSubmit={(event) => void choose(event)} className="flex flex-col gap-4">
        <Field
          label="Password"
          hint="At least 10 characters. A sentence that only you would write is a good one."
          error={formState.errors.password?.message}
        >
          {(ties) => <PasswordInput {...ties} {...register("password")} autoComplete="new-password" />}
        </Field>
        <FormProblem sentence={refusal} />
        <Button type="submit" look="primary" busy={formState.isSubmitting}>
          Save and enter
        </Button>
        {isReset ? (
          <p className="text-xs text-ink-faint">You will be signed out on your other devices.</p>
        ) : null}
      </form>
    </Door>
  );
}

function NotValid() {
  return (
    <Door title="This link does not work any more">
      <div role="alert" className="flex flex-col gap-3 text-sm text-ink-soft">
        <p>
          A link works once and for 72 hours. This one was used, has run out, or was replaced by a newer one.
        </p>
        <p>
          If you have chosen a password already, sign in with it. Otherwise ask your admin for a new link.
        </p>
      </div>
      <Link
        href="/sign-in"
        className="mt-6 flex h-9 items-center justify-center rounded-md bg-accent px-3.5 text-sm font-medium text-on-accent hover:bg-accent-hover pointer-coarse:h-11"
      >
        Go to sign-in
      </Link>
    </Door>
  );
}
