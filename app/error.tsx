"use client";
import { EmptyState } from "@/components/ui/empty-state";
import { Button } from "@/components/ui/button";

type ErrorPageProps = { readonly error: Error & { readonly digest?: string }; readonly reset: () => void };

/** A bug on a page: said plainly, with the number that stands in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main id="content" className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">Something went wrong</h1>
      <EmptyState
        title="This page could not be shown"
        action={
          <Button look="primary" onClick={reset}>
            Try again
          </Button>
        }
      >
        What is stored is untouched. {error.digest ? `Number for your admin: ${error.digest}.` : null}
      </EmptyState>
    </main>
  );
}
