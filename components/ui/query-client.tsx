"use client";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { ProblemError } from "./ask-server";

/** The session is over: said once, with the way back; nothing on the page is thrown away. */
export function sayTheSessionIsOver(): void {
  const here = window.location.pathname + window.location.search;
  toast("You are signed out.", {
    id: "session-over",
    duration: Infinity,
    action: {
      label: "Sign in",
      onClick: () => window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`),
    },
  });
}

/**
 * Live events say when to fetch anew what is on screen; what was not on screen heard none, so a page that comes back
 * shows what it had and asks again. A refusal is not asked again.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ProblemError && error.problem.status === 401) sayTheSessionIsOver();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnMount: "always",
        retry: (tries, error) => tries < 3 && !(error instanceof ProblemError && error.problem.status > 0),
      },
    },
  });
}

let ofThisBrowser: QueryClient | undefined;

/** One client for all pages of a tab, so that going to a story and back shows the desk at once. */
function theQueryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  ofThisBrowser ??= makeQueryClient();
  return ofThisBrowser;
}

export function Queries({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={theQueryClient()}>{children}</QueryClientProvider>;
}
