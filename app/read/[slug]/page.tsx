import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { PublishedPage } from "@/components/publishing/published-page";
import { plainText } from "@/domain/body/content";
import { theNewsroom } from "@/domain/newsroom";
import type { PublishedStory } from "@/domain/publishing/published-story";

type Props = { readonly params: Promise<{ readonly slug: string }> };

export default async function ReadPage({ params }: Props) {
  return <PublishedPage story={(await publishedAt(params)) ?? notFound()} />;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const story = await publishedAt(params);
  if (!story) return notFound();
  const { content, url, byline, publishedAt: publishedTime } = story;
  const title = plainText(content.headline);
  const description = plainText(content.standfirst) || firstWords(plainText(content.body));
  return {
    title: { absolute: title },
    description,
    authors: byline.map((name) => ({ name })),
    alternates: {
      canonical: url,
      types: { "application/rss+xml": new URL("/feed.xml", url).href },
    },
    openGraph: {
      type: "article",
      title,
      description,
      url,
      siteName: "Linecheck",
      publishedTime,
      authors: [...byline],
    },
    twitter: { card: "summary", title, description },
    robots: { index: true, follow: true },
  };
}

async function publishedAt(params: Props["params"]): Promise<PublishedStory | null> {
  await connection();
  const { slug } = await params;
  return theNewsroom().publishedBySlug(slug);
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 200 ? line : `${line.slice(0, 200).replace(/\s\S*$/, "")}…`;
}
