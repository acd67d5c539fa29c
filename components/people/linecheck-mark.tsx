/** The product's sign: a line of text with its check. Decoration beside the name. */
export function LinecheckMark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden className="shrink-0">
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="m7 10.2 3.2 3.1L17 6.8"
        className="stroke-on-accent"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M7 17.4h10" className="stroke-on-accent" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
