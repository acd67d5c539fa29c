"use client";
import { PasswordForm } from "./password-form";
import { roleWords } from "./role-words";
import { useSignedIn } from "./signed-in";

export function Account() {
  const person = useSignedIn();
  const role = roleWords[person.role];
  return (
    <main id="content" className="mx-auto max-w-2xl px-4 py-8 sm:px-6 sm:py-10">
      <h1 className="text-2xl font-semibold">Your account</h1>
      <dl className="mt-6 grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[8rem_1fr]">
        <dt className="text-ink-faint">Name</dt>
        <dd>{person.name}</dd>
        <dt className="text-ink-faint">E-mail</dt>
        <dd>{person.email}</dd>
        <dt className="text-ink-faint">Role</dt>
        <dd>
          {role.label}
          <span className="block text-ink-soft">{role.may}</span>
        </dd>
      </dl>
      <p className="mt-3 text-xs text-ink-faint">Roles are given by an admin.</p>
      <section aria-labelledby="password" className="mt-10 border-t pt-8">
        <h2 id="password" className="mb-4 text-lg font-semibold">
          Password
        </h2>
        <PasswordForm />
      </section>
    </main>
  );
}
