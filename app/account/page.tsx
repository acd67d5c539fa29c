import type { Metadata } from "next";
import { Account } from "@/components/people/account";
import { NewsroomFrame } from "@/components/people/newsroom-frame";
import { signedInPerson } from "../signed-in-person";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const person = await signedInPerson("/account");
  return (
    <NewsroomFrame person={person}>
      <Account />
    </NewsroomFrame>
  );
}
