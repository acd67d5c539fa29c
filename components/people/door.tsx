import type { ReactNode } from "react";
import { LinecheckMark } from "./linecheck-mark";

/** The quiet page in front of the newsroom: one sheet, one thing to do. */
export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main
      id="content"
      className="flex min-h-dvh flex-col items-center justify-center px-4 py-12 max-sm:justify-start max-sm:pt-16"
    >
      <div className="w-full max-w-sm">
        <p className="mb-8 flex items-center justify-center gap-2.5 text-lg font-semibold tracking-tight">
          <LinecheckMark size={28} />
          Linecheck
        </p>
        <div className="rounded-xl border bg-raised p-6 shadow-raised sm:p-8">
          <h1 className="mb-6 text-xl font-semibold">{title}</h1>
          {children}
        </div>
        <p className="mt-6 text-center text-xs text-ink-faint">Write together. Check every claim. Release.</p>
      </div>
    </main>
  );
}
