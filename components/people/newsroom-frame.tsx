"use client";
import type { ReactNode } from "react";
import type { Person } from "@/domain/people/person";
import { Queries } from "../ui/query-client";
import { Toaster } from "../ui/toaster";
import { OwnRole } from "./own-role";
import { SignedIn } from "./signed-in";
import { TopBar } from "./top-bar";

type NewsroomFrameProps = {
  readonly person: Person;
  /** A page that brings its own top bar says so; it is then a child of the page. */
  readonly ownBar?: boolean;
  readonly children: ReactNode;
};

/** What every page behind the sign-in stands in: who is looking, the query client, the bar, the short messages. */
export function NewsroomFrame({ person, ownBar = false, children }: NewsroomFrameProps) {
  return (
    <Queries>
      <SignedIn person={person}>
        <OwnRole />
        {ownBar ? null : <TopBar />}
        {children}
        <Toaster />
      </SignedIn>
    </Queries>
  );
}
