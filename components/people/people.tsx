"use client";
import { LockKeyhole, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import type { Colleague } from "@/domain/people/person";
import { mayInNewsroom } from "@/domain/people/rights";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Skeleton } from "../ui/skeleton";
import { InviteDialog } from "./invite-dialog";
import { PersonRow } from "./person-row";
import { useSignedIn } from "./signed-in";
import { usePeople } from "./use-people";

/** Active ones first, then by name. */
const inOrder = (people: readonly Colleague[]) =>
  [...people].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));

/** The admin's page for people. */
export function People() {
  const mayManage = mayInNewsroom(useSignedIn(), "manage-people") === true;
  return (
    <main id="content" className="mx-auto max-w-3xl px-4 py-8 sm:px-6 sm:py-10">
      {mayManage ? (
        <ManagedPeople />
      ) : (
        <EmptyState icon={<LockKeyhole size={28} aria-hidden />} title="Only an admin manages people">
          Ask yours if someone should join, change role or needs a new link.
        </EmptyState>
      )}
    </main>
  );
}

function ManagedPeople() {
  const people = usePeople();
  const [inviting, setInviting] = useState(false);
  return (
    <>
      <div className="mb-6 flex items-center justify-between gap-4">
        <h1 className="text-2xl font-semibold">People</h1>
        <Button
          look="primary"
          icon={<UserRoundPlus size={16} aria-hidden />}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      </div>
      {people.isError ? (
        <EmptyState
          title="The list could not be loaded"
          action={<Button onClick={() => void people.refetch()}>Try again</Button>}
        >
          {people.error.message}
        </EmptyState>
      ) : (
        <ul
          aria-label="People"
          aria-busy={people.isPending}
          className="divide-y rounded-lg border bg-raised shadow-raised"
        >
          {people.isPending
            ? [0, 1, 2, 3].map((row) => (
                <li key={row} className="flex items-center gap-4 px-4 py-3">
                  <Skeleton className="size-8 rounded-full" />
                  <div className="flex-1 space-y-1.5">
                    <Skeleton className="h-4 w-40" />
                    <Skeleton className="h-3 w-56" />
                  </div>
                </li>
              ))
            : inOrder(people.data).map((person) => <PersonRow key={person.id} person={person} />)}
        </ul>
      )}
      <InviteDialog open={inviting} onOpenChange={setInviting} />
    </>
  );
}
