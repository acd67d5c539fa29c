import type { Metadata } from "next";
import { LinkPage } from "@/components/people/link-page";

/** No address of this page is handed on: its secret stands after `#`. */
export const metadata: Metadata = { title: "Your link", referrer: "no-referrer" };

export default function Page() {
  return <LinkPage />;
}
