import { isLinkAddress } from "@/domain/body/schema";

/**
 * What a person typed as an address, as the address it means: `nato.int` is `https://nato.int`, a mail address a
 * `mailto:`. Null when it is none that the text may hold.
 */
export function linkAddressFrom(typed: string): string | null {
  const words = typed.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(words) && !/^[^/]+\.[a-z]+:\d+/i.test(words)) {
    return isLinkAddress(words) ? words : null;
  }
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(words)) return addressOrNull(`mailto:${words}`);
  if (/^[^\s/]+\.[^\s/.]{2,}(:\d+)?([/?#]\S*)?$/.test(words)) return addressOrNull(`https://${words}`);
  return null;
}

const addressOrNull = (href: string) => (isLinkAddress(href) && URL.canParse(href) ? href : null);
