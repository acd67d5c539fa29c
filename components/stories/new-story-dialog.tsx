"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { Story, StoryStart } from "@/domain/stories/story";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { TextInput } from "../ui/text-input";

type NewStoryDialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** A headline is enough to begin; it may come later too. Then on to the story. */
export function NewStoryDialog({ open, onOpenChange }: NewStoryDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New story">
      <NewStoryForm onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

const Form = z.object({ headline: StoryStart.shape.headline });

function NewStoryForm({ onCancel }: { readonly onCancel: () => void }) {
  const router = useRouter();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [going, setGoing] = useState(false);
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(Form, { error: formSentence }),
    defaultValues: { headline: "" },
  });
  const start = handleSubmit(async (given) => {
    setRefusal(null);
    const schema = Story.pick({ id: true });
    const answer = await askServer({ method: "POST", path: "/api/stories", body: given, schema });
    if ("problem" in answer) return setRefusal(answer.problem.title);
    setGoing(true);
    router.push(`/stories/${answer.value.id}`);
  });
  return (
    <form noValidate onSubmit={(event) => void start(event)} className="flex flex-col gap-4">
      <Field
        label="Headline"
        hint="A working one will do: it can be changed until the story is published."
        error={formState.errors.headline?.message}
      >
        {(ties) => <TextInput {...ties} {...register("headline")} autoComplete="off" />}
      </Field>
      <FormProblem sentence={refusal} />
      <DialogButtons>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" busy={formState.isSubmitting || going}>
          Start writing
        </Button>
      </DialogButtons>
    </form>
  );
}
