import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NewsroomFrame } from "@/components/people/newsroom-frame";
import { NewsroomRecord } from "@/components/record/newsroom-record";
import { mayInNewsroom } from "@/domain/people/rights";
import { signedInPerson } from "../signed-in-person";

export const metadata: Metadata = { title: "Record" };

export default async function RecordPage() {
  const person = await signedInPerson("/record");
  if (mayInNewsroom(person, "read-newsroom-record") !== true) notFound();
  return (
    <NewsroomFrame person={person}>
      <NewsroomRecord />
    </NewsroomFrame>
  );
}
