/** How every control that takes words looks. At 16 px on a phone, so that Safari does not zoom in. */
export const controlLook =
  "w-full rounded-md border border-line-strong bg-raised px-3 text-sm text-ink transition-shadow " +
  "pointer-coarse:text-[1rem] " +
  "hover:border-ink-faint focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1 " +
  "aria-invalid:border-red aria-invalid:focus-visible:outline-red " +
  "disabled:border-line disabled:bg-sunken disabled:text-ink-soft [&[readonly]]:bg-sunken [&[readonly]]:border-line";
