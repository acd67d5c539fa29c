ALTER TABLE "story_updates" DROP CONSTRAINT "story_updates_story_id_stories_id_fk";
--> statement-breakpoint
ALTER TABLE "story_updates" DROP CONSTRAINT "story_updates_person_id_people_id_fk";
