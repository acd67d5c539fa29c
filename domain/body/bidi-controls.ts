/**
 * Characters that reorder what is read without being seen: a checker could read other words than readers do.
 * [BO4] The guard refuses them in the text; they are taken out of what is typed, pasted, imported or put in a field.
 */
const bidiControls = /\p{Bidi_Control}/gu;

export function withoutBidiControls(text: string): string {
  return text.replace(bidiControls, "");
}
