import type { Metadata } from "next";
import { NewsroomFrame } from "@/components/people/newsroom-frame";
import { People } from "@/components/people/people";
import { signedInPerson } from "../signed-in-person";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const person = await signedInPerson("/people");
  return (
    <NewsroomFrame person={person}>
      <People />
    </NewsroomFrame>
  );
}
