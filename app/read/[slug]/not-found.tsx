import type { Metadata } from "next";

export const metadata: Metadata = { title: { absolute: "No story here" } };

export default function NoStoryHere() {
  return (
    <main id="content" className="flex min-h-dvh items-center justify-center px-6">
      <div className="max-w-[32rem] text-center">
        <h1 className="font-serif text-3xl font-[650]">There is no story at this address</h1>
        <p className="mt-3 text-ink-soft">
          The address may be misspelled, or the story has not been published.
        </p>
      </div>
    </main>
  );
}
