import { CircleAlert } from "lucide-react";

/** Why the form was refused as a whole. Read out as soon as it appears. */
export function FormProblem({ sentence }: { readonly sentence: string | null }) {
  return (
    <div role="alert" className={sentence ? undefined : "sr-only"}>
      {sentence ? (
        <p className="flex items-start gap-2 rounded-md bg-red-soft px-3 py-2.5 text-sm text-red">
          <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
          {sentence}
        </p>
      ) : null}
    </div>
  );
}
