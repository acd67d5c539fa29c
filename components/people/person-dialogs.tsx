"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { Invited, type Colleague, type PersonChange } from "@/domain/people/person";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { FormProblem } from "../ui/form-problem";
import { useAsking } from "../ui/use-asking";
import { OneTimeLink } from "./one-time-link";
import { RoleChoice } from "./role-choice";
import { roleWords } from "./role-words";

type PersonDialogProps = { readonly person: Colleague; readonly onClose: () => void };

/** Sends a change of a person; on success says `done` and closes. */
function useChangePerson(person: Colleague, onClose: () => void) {
  const queries = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const change = (body: PersonChange, done: string) =>
    ask(async () => {
      setRefusal(null);
      const answer = await askServer({ method: "PATCH", path: `/api/people/${person.id}`, body });
      if ("problem" in answer) return setRefusal(answer.problem.title);
      await queries.invalidateQueries({ queryKey: ["people"] });
      toast(done);
      onClose();
    });
  return { refusal, busy, change };
}

export function RoleDialog({ person, onClose }: PersonDialogProps) {
  const { refusal, busy, change } = useChangePerson(person, onClose);
  const [role, setRole] = useState(person.role);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`The role of ${person.name}`}
      description="It counts at once, on every page that is open. What they did before stays theirs: who wrote in a story does not judge its claims, whatever the role."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (role === person.role) onClose();
          else change({ role }, `${person.name} is now ${roleWords[role].label.toLowerCase()}.`);
        }}
        className="flex flex-col gap-4"
      >
        <RoleChoice name="role" chosen={role} onChoose={setRole} />
        <FormProblem sentence={refusal} />
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Change role
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

export function ActiveDialog({ person, onClose }: PersonDialogProps) {
  const { refusal, busy, change } = useChangePerson(person, onClose);
  const { name, active } = person;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={active ? `Deactivate ${name}?` : `Reactivate ${name}?`}
      description={
        active
          ? `${name} is signed out everywhere at once, open stories close, and links sent to them stop working. Their words, verdicts and name stay in every story and in the record. You can reactivate them at any time.`
          : `${name} can sign in again with the password they had, as ${roleWords[person.role].label.toLowerCase()}. If they have forgotten it, make a new link for them.`
      }
    >
      <FormProblem sentence={refusal} />
      <DialogButtons>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look={active ? "danger" : "primary"}
          busy={busy}
          onClick={() =>
            change({ active: !active }, active ? `${name} is deactivated.` : `${name} is active again.`)
          }
        >
          {active ? "Deactivate" : "Reactivate"}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

export function NewLinkDialog({ person, onClose }: PersonDialogProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const make = () =>
    ask(async () => {
      setRefusal(null);
      const answer = await askServer({
        method: "POST",
        path: `/api/people/${person.id}/link`,
        schema: Invited.pick({ link: true }),
      });
      if ("problem" in answer) setRefusal(answer.problem.title);
      else setLink(answer.value.link);
    });
  const description = person.invited
    ? `${person.name} has not chosen a password yet. The new link takes the place of the one sent before.`
    : `With it ${person.name} chooses a new password. The old one works until then; afterwards their other devices are signed out.`;
  return (
    <Dialog open onOpenChange={onClose} title={`A new link for ${person.name}`} description={description}>
      {link === null ? (
        <>
          <FormProblem sentence={refusal} />
          <DialogButtons>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" busy={busy} onClick={make}>
              Make the link
            </Button>
          </DialogButtons>
        </>
      ) : (
        <OneTimeLink name={person.name} link={link} onDone={onClose} />
      )}
    </Dialog>
  );
}
