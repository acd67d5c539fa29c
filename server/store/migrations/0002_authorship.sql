CREATE TABLE "story_authorship" (
	"story_id" text PRIMARY KEY NOT NULL,
	"log_seq" bigint NOT NULL,
	"data" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "story_restores" (
	"story_id" text NOT NULL,
	"after_seq" bigint NOT NULL,
	"person_id" text NOT NULL,
	"texts" jsonb NOT NULL,
	"authors" jsonb NOT NULL,
	CONSTRAINT "story_restores_story_id_after_seq_pk" PRIMARY KEY("story_id","after_seq")
);
--> statement-breakpoint
ALTER TABLE "versions" ADD COLUMN "written" jsonb;--> statement-breakpoint
ALTER TABLE "story_authorship" ADD CONSTRAINT "story_authorship_story_id_stories_id_fk" FOREIGN KEY ("story_id") REFERENCES "public"."stories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "story_restores" ADD CONSTRAINT "story_restores_story_id_stories_id_fk" FOREIGN KEY ("story_id") REFERENCES "public"."stories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "story_restores" ADD CONSTRAINT "story_restores_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;