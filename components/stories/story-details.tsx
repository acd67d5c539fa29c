"use client";
import { Info } from "lucide-react";
import { mayOnStory } from "@/domain/people/rights";
import { rightSentence } from "@/domain/people/right-sentences";
import { isRefused } from "@/domain/refusal";
import { storyFactsOf } from "@/domain/stories/story-facts";
import { languages, type Story, type StoryChange } from "@/domain/stories/story";
import { useSignedIn } from "../people/signed-in";
import { Field } from "../ui/field";
import { Select } from "../ui/select";
import { TextInput } from "../ui/text-input";
import { DetailSaved } from "./detail-saved";
import { bylineOf, dayOf, instantOf, localMinuteOf, slugOf } from "./detail-words";
import { StoryPrivacy } from "./story-privacy";
import { useDetail, type Detail } from "./use-detail";

/** What stands beside the text: each detail is saved when its field is left, and says so. */
export function StoryDetails({ story }: { readonly story: Story }) {
  const may = mayOnStory(useSignedIn(), "edit-details", storyFactsOf(story));
  const readOnly = isRefused(may);
  return (
    <div className="@container flex flex-col gap-5">
      {isRefused(may) ? <Note>{rightSentence(may.refused)}</Note> : null}
      {!readOnly && story.status === "approved" ? (
        <Note>The story is approved. Another dateline or byline takes the approval away.</Note>
      ) : null}
      <DatelineTexts story={story} readOnly={readOnly} />
      <DetailText
        story={story}
        label="Byline"
        hint="Several names with commas between them."
        stored={story.byline.join(", ")}
        readOnly={readOnly}
        changeOf={(words) => ({ byline: bylineOf(words) })}
      />
      <div className="grid gap-x-4 gap-y-5 @md:grid-cols-2">
        <DetailText
          story={story}
          label="Deadline"
          type="datetime-local"
          stored={localMinuteOf(story.deadline)}
          readOnly={readOnly}
          changeOf={(words) => ({ deadline: instantOf(words) })}
        />
        <DetailLanguage story={story} readOnly={readOnly} />
      </div>
      <DetailText
        story={story}
        label="Slug"
        hint={
          story.status === "published"
            ? "Frozen: readers have this address."
            : `The public address: /read/${story.slug}`
        }
        stored={story.slug}
        readOnly={readOnly}
        maxLength={100}
        changeOf={slugOf}
      />
      <StoryPrivacy story={story} />
    </div>
  );
}

function Note({ children }: { readonly children: React.ReactNode }) {
  return (
    <p className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2.5 text-sm text-ink-soft">
      <Info size={16} aria-hidden className="mt-0.5 shrink-0" />
      {children}
    </p>
  );
}

type DetailTextProps = {
  readonly story: Story;
  readonly stored: string;
  readonly changeOf: (words: string) => StoryChange | { readonly wrong: string };
};

function DetailText({ story, stored, changeOf, ...look }: DetailTextProps & BoxLook) {
  return <DetailBox detail={useDetail({ storyId: story.id, stored, changeOf })} {...look} />;
}

/** The two halves of one dateline: each is sent together with what stands in the other box. */
function DatelineTexts({ story, readOnly }: { readonly story: Story; readonly readOnly: boolean }) {
  const { id: storyId, dateline } = story;
  const place: Detail = useDetail({
    storyId,
    stored: dateline.place,
    changeOf: (words) => {
      const typed = dayOf(date.words);
      return { dateline: { place: words.trim(), date: "day" in typed ? typed.day : dateline.date } };
    },
  });
  const date: Detail = useDetail({
    storyId,
    stored: dateline.date,
    changeOf: (words) => {
      const typed = dayOf(words);
      return "day" in typed ? { dateline: { place: place.words.trim(), date: typed.day } } : typed;
    },
  });
  return (
    <div className="grid gap-x-4 gap-y-5 @sm:grid-cols-2">
      <DetailBox label="Dateline place" detail={place} readOnly={readOnly} maxLength={120} />
      <DetailBox
        label="Dateline date"
        detail={date}
        placeholder="YYYY-MM-DD"
        inputMode="numeric"
        readOnly={readOnly}
        maxLength={10}
      />
    </div>
  );
}

type BoxLook = {
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "datetime-local";
  readonly placeholder?: string;
  readonly inputMode?: "numeric";
  readonly readOnly: boolean;
  readonly maxLength?: number;
};

function DetailBox({
  detail,
  label,
  hint,
  type = "text",
  placeholder,
  inputMode,
  readOnly,
  maxLength,
}: BoxLook & { readonly detail: Detail }) {
  return (
    <Field label={label} hint={hint} error={detail.refusal} aside={<DetailSaved state={detail.state} />}>
      {(ties) => (
        <TextInput
          {...ties}
          type={type}
          placeholder={placeholder}
          inputMode={inputMode}
          value={detail.words}
          readOnly={readOnly}
          maxLength={maxLength}
          autoComplete="off"
          onChange={(event) => detail.type(event.target.value)}
          onBlur={detail.leave}
          onKeyDown={(event) => {
            if (event.key === "Enter") detail.leave();
            if (event.key === "Escape") detail.forget();
          }}
        />
      )}
    </Field>
  );
}

const languageNames = new Intl.DisplayNames(["en"], { type: "language" });
const languageOptions = languages.map((value) => ({ value, label: languageNames.of(value) ?? value }));

function DetailLanguage({ story, readOnly }: { readonly story: Story; readonly readOnly: boolean }) {
  const detail = useDetail({
    storyId: story.id,
    stored: story.lang,
    changeOf: (value) => {
      const lang = languages.find((language) => language === value);
      return lang ? { lang } : { wrong: "This language is not known here." };
    },
  });
  return (
    <Field label="Language" error={detail.refusal} aside={<DetailSaved state={detail.state} />}>
      {(ties) => (
        <Select
          {...ties}
          options={languageOptions}
          value={detail.words}
          disabled={readOnly}
          onChange={(event) => detail.choose(event.target.value)}
        />
      )}
    </Field>
  );
}
