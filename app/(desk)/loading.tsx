import { DeskSkeleton } from "@/components/stories/desk-skeleton";

export default function Loading() {
  return <DeskSkeleton />;
}
