"use client";
import { Ellipsis, KeyRound, UserRoundCheck, UserRoundCog, UserRoundX } from "lucide-react";
import { useState } from "react";
import type { Colleague } from "@/domain/people/person";
import { Avatar } from "../ui/avatar";
import { Badge } from "../ui/badge";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { ActiveDialog, NewLinkDialog, RoleDialog } from "./person-dialogs";
import { roleWords } from "./role-words";
import { useSignedIn } from "./signed-in";

type Open = "role" | "active" | "link" | null;

/** One person with what the admin may do about them. */
export function PersonRow({ person }: { readonly person: Colleague }) {
  const self = useSignedIn().id === person.id;
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <li className="flex items-center gap-3 px-4 py-3 sm:gap-4">
      <span aria-hidden className={person.active ? "flex" : "flex opacity-45"}>
        <Avatar person={person} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
          <span className="truncate">{person.name}</span>
          {self ? <span className="font-normal text-ink-faint">you</span> : null}
          {person.active ? null : <Badge tone="grey">Inactive</Badge>}
          {person.active && person.invited ? <Badge tone="amber">Invited</Badge> : null}
        </p>
        <p className="truncate text-xs text-ink-faint">{person.email}</p>
      </div>
      <span className="text-sm text-ink-soft max-sm:text-xs">{roleWords[person.role].label}</span>
      <Menu
        trigger={
          <IconButton label={`What to do about ${person.name}`} icon={<Ellipsis size={18} aria-hidden />} />
        }
      >
        <MenuItem icon={<UserRoundCog size={16} aria-hidden />} onSelect={() => setOpen("role")}>
          Change role…
        </MenuItem>
        <MenuItem
          icon={<KeyRound size={16} aria-hidden />}
          disabled={!person.active}
          onSelect={() => setOpen("link")}
        >
          {person.invited ? "New invitation link…" : "Reset password…"}
        </MenuItem>
        <MenuLine />
        {person.active ? (
          <MenuItem danger icon={<UserRoundX size={16} aria-hidden />} onSelect={() => setOpen("active")}>
            Deactivate…
          </MenuItem>
        ) : (
          <MenuItem icon={<UserRoundCheck size={16} aria-hidden />} onSelect={() => setOpen("active")}>
            Reactivate…
          </MenuItem>
        )}
      </Menu>
      {open === "role" ? <RoleDialog person={person} onClose={close} /> : null}
      {open === "active" ? <ActiveDialog person={person} onClose={close} /> : null}
      {open === "link" ? <NewLinkDialog person={person} onClose={close} /> : null}
    </li>
  );
}
