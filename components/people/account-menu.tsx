"use client";
import { ChevronDown, LogOut, UserRound } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { askServer } from "../ui/ask-server";
import { Avatar } from "../ui/avatar";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../ui/menu";
import { roleWords } from "./role-words";
import { useSignedIn } from "./signed-in";

async function signOut() {
  const answer = await askServer({ method: "POST", path: "/api/auth/sign-out" });
  if ("problem" in answer && answer.problem.status !== 401) toast(answer.problem.title);
  else window.location.assign("/sign-in");
}

/** Oneself: who one is here, the own password, the way out. */
export function AccountMenu() {
  const person = useSignedIn();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${person.name}`}
          className="flex h-9 items-center gap-1.5 rounded-full pr-1.5 pl-0.5 text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:h-11"
        >
          <span aria-hidden className="flex">
            <Avatar person={person} />
          </span>
          <ChevronDown size={14} aria-hidden className="max-[22rem]:hidden" />
        </button>
      }
    >
      <MenuLabel>
        <span className="block text-sm font-medium text-ink">{person.name}</span>
        {person.email}
        <span className="block">{roleWords[person.role].label}</span>
      </MenuLabel>
      <MenuLine />
      <MenuItem asChild>
        <Link href="/account">
          <UserRound size={16} aria-hidden />
          Your account
        </Link>
      </MenuItem>
      <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
