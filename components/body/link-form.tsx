"use client";
import type { Editor } from "@tiptap/core";
import { ExternalLink, Unlink } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../ui/button";
import { IconButton } from "../ui/icon-button";
import { TextInput } from "../ui/text-input";
import { linkAddressFrom } from "./link-address";

/** The address behind the selected words: set, changed, opened or taken away. */
export function LinkForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const [before] = useState(() => String(editor.getAttributes("link").href ?? ""));
  const [typed, setTyped] = useState(before);
  const [isWrong, setIsWrong] = useState(false);
  const problemId = useId();
  const finish = () => {
    editor.commands.focus();
    onDone();
  };
  const apply = () => {
    const href = linkAddressFrom(typed);
    if (href === null) return setIsWrong(true);
    const { empty } = editor.state.selection;
    const chain = editor.chain().focus().extendMarkRange("link");
    if (empty && before === "") {
      chain
        .insertContent({ type: "text", text: typed.trim(), marks: [{ type: "link", attrs: { href } }] })
        .run();
    } else chain.setLink({ href }).run();
    onDone();
  };
  return (
    <form
      aria-label="Link"
      className="flex flex-col gap-1.5 p-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className="flex items-center gap-1">
        <TextInput
          // The form opens at the person's own wish, and this is all there is to do in it.
          ref={(input) => input?.focus()}
          aria-label="Link address"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? problemId : undefined}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="nato.int/kfor"
          className="w-56 pointer-coarse:w-48"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setIsWrong(false);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            finish();
          }}
        />
        <Button type="submit" look="primary" size="small">
          Apply
        </Button>
        {before ? (
          <>
            <IconButton
              size="small"
              label="Open the link in a new tab"
              icon={<ExternalLink size={16} aria-hidden />}
              onClick={() => window.open(before, "_blank", "noopener,noreferrer")}
            />
            <IconButton
              size="small"
              label="Remove the link"
              icon={<Unlink size={16} aria-hidden />}
              onClick={() => {
                editor.chain().focus().extendMarkRange("link").unsetLink().run();
                onDone();
              }}
            />
          </>
        ) : null}
      </div>
      {isWrong ? (
        <p id={problemId} role="alert" className="px-1 text-xs font-medium text-red">
          That is no address on the web and no mail address.
        </p>
      ) : null}
    </form>
  );
}
