import "@/components/body/story-editor.css";
import "@/components/claims/claim-highlights.css";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NewsroomFrame } from "@/components/people/newsroom-frame";
import { StoryPageInBrowser } from "@/components/story-page-in-browser";
import { theNewsroom } from "@/domain/newsroom";
import { signedInPerson } from "../../signed-in-person";

type StoryPageProps = { readonly params: Promise<{ readonly id: string }> };

export async function generateMetadata({ params }: StoryPageProps): Promise<Metadata> {
  const { id } = await params;
  const person = await signedInPerson(`/stories/${id}`);
  const story = await theNewsroom().storyOf(person, id);
  return { title: story?.headline || "Story" };
}

export default async function StoryPage({ params }: StoryPageProps) {
  const { id } = await params;
  const person = await signedInPerson(`/stories/${id}`);
  const newsroom = theNewsroom();
  const [story, claims] = await Promise.all([newsroom.storyOf(person, id), newsroom.claimsOf(person, id)]);
  if (!story) notFound();
  return (
    <NewsroomFrame person={person} ownBar>
      <StoryPageInBrowser first={story} firstClaims={claims} />
    </NewsroomFrame>
  );
}
