import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Door } from "@/components/people/door";
import { nextPage } from "@/components/people/next-page";
import { SignInForm } from "@/components/people/sign-in-form";
import { whoAsks } from "../signed-in-person";

export const metadata: Metadata = { title: "Sign in" };

type SignInPageProps = { readonly searchParams: Promise<{ readonly next?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: asked } = await searchParams;
  const next = nextPage(typeof asked === "string" ? asked : null);
  if (await whoAsks()) redirect(next);
  return (
    <Door title="Sign in">
      <SignInForm next={next} />
    </Door>
  );
}
