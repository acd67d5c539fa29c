/** Anchors, for the capabilities whose objects stand on words; their SQL stays in `anchor-store.ts`. */
export { anchorsOf, makeAnchor, moveAnchor, noteJudged, type PlacedAnchor } from "./anchor-store";
export { committedTexts } from "./committed-texts";
