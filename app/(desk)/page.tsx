import type { Metadata } from "next";
import { NewsroomFrame } from "@/components/people/newsroom-frame";
import { Desk } from "@/components/stories/desk";
import { theNewsroom } from "@/domain/newsroom";
import { signedInPerson } from "../signed-in-person";

export const metadata: Metadata = { title: "Desk" };

export default async function DeskPage() {
  const person = await signedInPerson("/");
  const stories = await theNewsroom().deskOf(person);
  return (
    <NewsroomFrame person={person}>
      <Desk first={stories} />
    </NewsroomFrame>
  );
}
