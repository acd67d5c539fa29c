"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { mayInNewsroom } from "@/domain/people/rights";
import { AccountMenu } from "./account-menu";
import { LinecheckMark } from "./linecheck-mark";
import { useSignedIn } from "./signed-in";

function BarLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const here = usePathname() === href;
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      className="inline-flex h-9 items-center rounded-md px-3 text-sm font-medium text-ink-soft hover:bg-hover hover:text-ink aria-[current=page]:text-ink max-sm:px-2 pointer-coarse:h-11"
    >
      {children}
    </Link>
  );
}

/** The line on top of every page; what a page adds of its own stands in the middle. */
export function TopBar({ children }: { readonly children?: ReactNode }) {
  const person = useSignedIn();
  return (
    <header className="sticky top-0 z-30 border-b bg-page/90 backdrop-blur-md">
      <a
        href="#content"
        className="sr-only focus-visible:not-sr-only focus-visible:absolute focus-visible:top-2 focus-visible:left-2 focus-visible:z-50 focus-visible:rounded-md focus-visible:bg-raised focus-visible:px-3 focus-visible:py-2 focus-visible:text-sm focus-visible:shadow-float"
      >
        Skip to the content
      </a>
      <div className="flex h-13 items-center gap-2 px-4 sm:px-6">
        <Link
          href="/"
          className="mr-1 flex h-9 items-center gap-2 rounded-md pr-2 font-semibold tracking-tight text-ink sm:mr-3 pointer-coarse:h-11"
        >
          <LinecheckMark />
          <span className={children ? "max-sm:sr-only" : undefined}>Linecheck</span>
        </Link>
        {children ?? (
          <nav aria-label="Newsroom" className="flex items-center">
            <BarLink href="/">Desk</BarLink>
            {mayInNewsroom(person, "manage-people") === true ? (
              <BarLink href="/people">People</BarLink>
            ) : null}
            {mayInNewsroom(person, "read-newsroom-record") === true ? (
              <BarLink href="/record">Record</BarLink>
            ) : null}
          </nav>
        )}
        <div className="ml-auto flex shrink-0 items-center">
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}
