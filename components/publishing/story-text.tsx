/** Kept words of a story (a published or an earlier version), as elements; complete without a script. */
import type { ReactNode } from "react";
import type { BodyNode, TextMark } from "@/domain/body/content";
import { isLinkAddress } from "@/domain/body/schema";
import { headingLevel, listStart } from "@/domain/publishing/story-html";

export function StoryText({ nodes }: { readonly nodes: readonly BodyNode[] }) {
  return nodes.map((node, index) => <StoryNode key={index} node={node} />);
}

function StoryNode({ node }: { readonly node: BodyNode }): ReactNode {
  const inner = <StoryText nodes={node.content ?? []} />;
  switch (node.type) {
    case "text":
      return (node.marks ?? []).reduceRight<ReactNode>(withMark, node.text);
    case "paragraph":
      return <p>{inner}</p>;
    case "heading": {
      const Heading = `h${headingLevel(node)}` as const;
      return <Heading>{inner}</Heading>;
    }
    case "bulletList":
      return <ul>{inner}</ul>;
    case "orderedList":
      return <ol start={listStart(node)}>{inner}</ol>;
    case "listItem":
      return <li>{inner}</li>;
    case "blockquote":
      return <blockquote>{inner}</blockquote>;
    case "hardBreak":
      return <br />;
    default:
      // A node of a newer schema: its words at least.
      return inner;
  }
}

function withMark(words: ReactNode, { type, attrs }: TextMark): ReactNode {
  const href = attrs?.["href"];
  if (type === "bold") return <strong>{words}</strong>;
  if (type === "italic") return <em>{words}</em>;
  if (type === "link" && isLinkAddress(href)) {
    return (
      <a href={href} rel="noopener">
        {words}
      </a>
    );
  }
  return words;
}
