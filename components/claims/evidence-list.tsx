"use client";
/** What is known for and against a claim, and the form that adds to it. */
import { zodResolver } from "@hookform/resolvers/zod";
import { ExternalLink, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { z } from "zod";
import {
  EvidenceGiven,
  Relation,
  relations,
  Reliability,
  SourceType,
  sourceTypes,
  type Claim,
} from "@/domain/claims/claim";
import { evidenceMissing, evidenceNeed, needWords } from "@/domain/claims/evidence-policy";
import { Badge, type Tone } from "../ui/badge";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { formSentence } from "../ui/form-sentences";
import { Select } from "../ui/select";
import { TextArea, TextInput } from "../ui/text-input";
import { relationWords, sourceTypeWords } from "./claim-look";
import type { ClaimActs } from "./use-claims";

const relationTones: Readonly<Record<Relation, Tone>> = {
  supports: "good",
  contradicts: "red",
  context: "grey",
};

type EvidenceListProps = { readonly claim: Claim; readonly mayAdd: boolean; readonly acts: ClaimActs };

export function EvidenceList({ claim, mayAdd, acts }: EvidenceListProps) {
  const [adding, setAdding] = useState<"no" | "asked" | "again">(halfWritten.has(claim.id) ? "again" : "no");
  const need = evidenceNeed(claim);
  const missing = evidenceMissing(claim);
  return (
    <section aria-label="Evidence">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-xs font-semibold text-ink-soft">Evidence</h3>
        {mayAdd && adding === "no" ? (
          <Button
            size="small"
            look="quiet"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => setAdding("asked")}
          >
            Add source
          </Button>
        ) : null}
      </div>
      {claim.evidence.length === 0 && adding === "no" ? (
        <p className="text-xs text-ink-faint">
          {need ? `None yet. It needs ${needWords[need]}.` : "None yet."}
        </p>
      ) : null}
      <ul className="mt-1 flex flex-col gap-2">
        {claim.evidence.map((one) => (
          <li key={one.id} className="rounded-md bg-sunken px-3 py-2 text-sm">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone={relationTones[one.relation]}>{relationWords[one.relation]}</Badge>
              <span className="text-xs text-ink-faint">
                {sourceTypeWords[one.source.type]}
                {one.source.reliability ? `, reliability ${one.source.reliability}` : ""}
              </span>
            </div>
            <p className="mt-1 leading-5 font-medium break-words">
              {one.source.url ? (
                <a
                  href={one.source.url}
                  target="_blank"
                  rel="noreferrer noopener"
                  className="text-accent underline underline-offset-2"
                >
                  {one.source.name}
                  <ExternalLink size={12} aria-label="opens in a new tab" className="ml-1 inline" />
                </a>
              ) : (
                one.source.name
              )}
              {one.locator ? <span className="font-normal text-ink-soft">, {one.locator}</span> : null}
            </p>
            {one.excerpt ? (
              <blockquote className="mt-1 border-l-2 pl-2 leading-5 text-ink-soft break-words">
                {one.excerpt}
              </blockquote>
            ) : null}
            <p className="mt-1 text-xs text-ink-faint">
              {one.by.name}
              {one.source.origin ? `; origin ${one.source.origin}` : ""}
            </p>
          </li>
        ))}
      </ul>
      {claim.evidence.length > 0 && missing ? (
        <p className="mt-1.5 text-xs text-ink-faint">Still needs {needWords[missing]}.</p>
      ) : null}
      {adding === "no" ? null : (
        <EvidenceForm
          claimId={claim.id}
          acts={acts}
          takesKeyboard={adding === "asked"}
          onDone={() => setAdding("no")}
        />
      )}
    </section>
  );
}

/** As typed: an empty field is one not given. */
const Typed = z
  .object({
    type: SourceType,
    name: z.string().trim().min(1).max(300),
    url: z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(2000)]),
    reliability: z.union([z.literal(""), Reliability]),
    origin: z.string().trim().max(300),
    relation: Relation,
    excerpt: z.string().trim().max(10_000),
    locator: z.string().trim().max(500),
  })
  .transform(({ type, name, url, reliability, origin, relation, excerpt, locator }) =>
    EvidenceGiven.parse({
      source: {
        type,
        name,
        ...(url ? { url } : {}),
        ...(reliability ? { reliability } : {}),
        ...(origin ? { origin } : {}),
      },
      relation,
      ...(excerpt ? { excerpt } : {}),
      ...(locator ? { locator } : {}),
    }),
  );

const nothingTyped: z.input<typeof Typed> = {
  type: "document",
  name: "",
  url: "",
  reliability: "",
  origin: "",
  relation: "supports",
  excerpt: "",
  locator: "",
};
/** Sources that were being added when their claim's card closed. */
const halfWritten = new Map<string, z.input<typeof Typed>>();

type EvidenceFormProps = {
  readonly claimId: string;
  readonly acts: ClaimActs;
  /** Not where the card came back with it: then the person is in the text. */
  readonly takesKeyboard: boolean;
  readonly onDone: () => void;
};

function EvidenceForm({ claimId, acts, takesKeyboard, onDone }: EvidenceFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const { register, handleSubmit, formState, subscribe } = useForm({
    resolver: zodResolver(Typed, { error: formSentence }),
    defaultValues: halfWritten.get(claimId) ?? nothingTyped,
  });
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => void halfWritten.set(claimId, values),
      }),
    [subscribe, claimId],
  );
  const end = () => {
    halfWritten.delete(claimId);
    onDone();
  };
  const { errors, isSubmitting } = formState;
  const send = handleSubmit(async (given) => {
    const answer = await acts.addEvidence(claimId, given);
    if ("problem" in answer) return setProblem(answer.problem.title);
    toast("Source added");
    end();
  });
  return (
    <form
      aria-label="New source"
      className="mt-2 flex flex-col gap-3 rounded-md border p-3"
      onSubmit={(event) => void send(event)}
      noValidate
    >
      <Field label="Source" error={errors.name?.message}>
        {(ties) => (
          <TextInput
            {...ties}
            {...register("name")}
            autoFocus={takesKeyboard}
            placeholder="Who or what says so"
            autoComplete="off"
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Type">
          {(ties) => (
            <Select
              {...ties}
              {...register("type")}
              options={sourceTypes.map((value) => ({ value, label: sourceTypeWords[value] }))}
            />
          )}
        </Field>
        <Field label="Relation">
          {(ties) => (
            <Select
              {...ties}
              {...register("relation")}
              options={relations.map((value) => ({ value, label: relationWords[value] }))}
            />
          )}
        </Field>
      </div>
      <Field label="Address" error={errors.url?.message}>
        {(ties) => (
          <TextInput {...ties} {...register("url")} type="url" placeholder="https://" autoComplete="off" />
        )}
      </Field>
      <Field label="Excerpt">{(ties) => <TextArea {...ties} {...register("excerpt")} rows={2} />}</Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Locator" hint="Page, time code">
          {(ties) => <TextInput {...ties} {...register("locator")} autoComplete="off" />}
        </Field>
        <Field label="Reliability">
          {(ties) => (
            <Select
              {...ties}
              {...register("reliability")}
              options={[
                { value: "", label: "Not rated" },
                ...Reliability.options.map((value) => ({ value, label: reliabilityWords[value] })),
              ]}
            />
          )}
        </Field>
      </div>
      <Field
        label="Origin"
        hint="Where the source has it from, if not its own: outlets quoting one agency are one origin."
      >
        {(ties) => <TextInput {...ties} {...register("origin")} autoComplete="off" />}
      </Field>
      <FormProblem sentence={problem} />
      <div className="flex justify-end gap-2">
        <Button size="small" look="quiet" onClick={end}>
          Cancel
        </Button>
        <Button size="small" look="primary" type="submit" busy={isSubmitting}>
          Save source
        </Button>
      </div>
    </form>
  );
}

const reliabilityWords: Readonly<Record<z.infer<typeof Reliability>, string>> = {
  A: "A, completely reliable",
  B: "B, usually reliable",
  C: "C, fairly reliable",
  D: "D, not usually reliable",
  E: "E, unreliable",
  F: "F, cannot be judged",
};
