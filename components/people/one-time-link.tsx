import { Button } from "../ui/button";
import { CopyField } from "../ui/copy-field";
import { DialogButtons } from "../ui/dialog";

type OneTimeLinkProps = { readonly name: string; readonly link: string; readonly onDone: () => void };

/** [PE3] The link, shown this once: the store keeps only its hash. */
export function OneTimeLink({ name, link, onDone }: OneTimeLinkProps) {
  return (
    <>
      <CopyField label={`One-time link for ${name}`} value={link} />
      <p className="mt-3 text-sm text-ink-soft">
        Send it to {name} yourself, now: it is shown only this once. It works once, for 72 hours, and an older
        link of theirs does not work any more. {name} chooses the password; nobody else learns it.
      </p>
      <DialogButtons>
        <Button look="primary" onClick={onDone}>
          Done
        </Button>
      </DialogButtons>
    </>
  );
}
