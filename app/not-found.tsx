import type { Metadata } from "next";
import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";

export const metadata: Metadata = { title: "Not here" };

export default function NotFound() {
  return (
    <main id="content" className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">Not here</h1>
      <EmptyState
        title="There is nothing here for you"
        action={
          <Link href="/" className="text-sm font-medium text-accent underline underline-offset-4">
            Go to the desk
          </Link>
        }
      >
        The address is wrong, or this is something that you may not see.
      </EmptyState>
    </main>
  );
}
