"use client";
import { useRouter } from "next/navigation";
import { Person } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";
import { useSignedIn } from "./signed-in";

/** [PE4] When an admin changes the role of who is looking, the page follows by itself. Shows nothing. */
export function OwnRole(): null {
  const person = useSignedIn();
  const router = useRouter();
  useLiveEvents((event) => {
    if (event.type !== "people" && event.type !== "missed") return;
    void askServer({ path: "/api/me", schema: Person }).then((answer) => {
      if ("value" in answer && answer.value.role !== person.role) router.refresh();
    });
  });
  return null;
}
