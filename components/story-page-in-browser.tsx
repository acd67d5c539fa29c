"use client";
import dynamic from "next/dynamic";
import { TopBar } from "./people/top-bar";
import { StorySkeleton } from "./body/story-skeleton";

/** The editors live in the browser only: on the server they would bring a second copy of yjs. */
export const StoryPageInBrowser = dynamic(async () => (await import("./story-page")).StoryPage, {
  ssr: false,
  loading: () => (
    <>
      <TopBar />
      <main id="content" className="mx-auto max-w-2xl px-4 sm:px-6">
        <StorySkeleton />
      </main>
    </>
  ),
});
