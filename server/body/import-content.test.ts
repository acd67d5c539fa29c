import { describe, expect, test } from "vitest";
import { plainText, type BodyNode } from "@/domain/body/content";
import { importContent } from "./import-content";

const html = (content: string) => importContent({ format: "html", content });
const markdown = (content: string) => importContent({ format: "markdown", content });
const text = (content: string) => importContent({ format: "text", content });

/** Blocks in short: `p`, `h2`, `ul(li(p …))`, words with their marks. */
function short(nodes: readonly BodyNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") {
        const marks = (node.marks ?? []).map(({ type, attrs }) =>
          attrs ? `a:${String(attrs["href"])}` : type[0],
        );
        return marks.length > 0 ? `[${marks.join("+")} ${node.text ?? ""}]` : (node.text ?? "");
      }
      if (node.type === "hardBreak") return "⏎";
      const names: Record<string, string> = {
        paragraph: "p",
        heading: `h${String(node.attrs?.["level"])}`,
        bulletList: "ul",
        orderedList: `ol${String(node.attrs?.["start"])}`,
        listItem: "li",
        blockquote: "quote",
      };
      return `${names[node.type] ?? `?${node.type}`}(${short(node.content ?? [])})`;
    })
    .join("");
}

describe("plain text", () => {
  test("[BO12] a blank line parts paragraphs, a line break stays one", () => {
    const body = text("First line\nsecond line\r\n\r\n\n Third.\n");
    expect(short(body)).toBe("p(First line⏎second line)p(Third.)");
    expect(plainText(text(plainText(body)))).toBe(plainText(body));
  });

  test("nothing is one empty paragraph", () => {
    expect(short(text(" \n\n "))).toBe("p()");
    expect(short(html("<p>&nbsp;</p><script>x</script>"))).toBe("p()");
  });

  test("markup in plain text is words", () => {
    expect(short(text("<b>4,600</b> **troops**"))).toBe("p(<b>4,600</b> **troops**)");
  });

  test("[BO4] controls that reorder what is read are taken out", () => {
    expect(short(text("abc\u202Edef\u2066\u0000\u0007\uFEFF"))).toBe("p(abcdef)");
    expect(short(html("<p>abc&#8238;def</p>"))).toBe("p(abcdef)");
  });
});

describe("Markdown", () => {
  test("headings, marks, links, lists and quotes", () => {
    const body = markdown(
      "## What happened\n\nSome **4,600** *troops* in [Kosovo](https://example.org/a).\n\n" +
        "- one\n- two\n  - deeper\n\n3. three\n4. four\n\n> said so\n",
    );
    expect(short(body)).toBe(
      "h2(What happened)p(Some [b 4,600] [i troops] in [a:https://example.org/a Kosovo].)" +
        "ul(li(p(one))li(p(two)ul(li(p(deeper)))))ol3(li(p(three))li(p(four)))quote(p(said so))",
    );
  });

  test("raw HTML in it is read as HTML, scripts gone", () => {
    expect(short(markdown("a <script>alert(1)</script> <b>b</b> <img src=x onerror=alert(1)>"))).toBe(
      "p(a [b b])",
    );
  });
});

describe("HTML", () => {
  test("scripts, styles, pictures and what is hidden go, with their content", () => {
    const body = html(
      `<style>p{}</style><p onclick="alert(1)">One<script>alert(1)</script><img src=x onerror=alert(1)></p>
       <svg><text>two</text></svg><iframe>three</iframe><noscript>four</noscript><p style="display: none">five</p>
       <p hidden>six</p><template><p>seven</p></template><math><mtext>eight</mtext></math><!-- nine -->`,
    );
    expect(short(body)).toBe("p(One)");
  });

  test("links lead to http, https and mailto only", () => {
    const links = [
      "javascript:alert(1)",
      " java\nscript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "//example.org",
      "relative",
    ];
    for (const href of links) expect(short(html(`<p><a href="${href}">x</a></p>`)), href).toBe("p(x)");
    expect(short(html('<p><a href="mailto:desk@example.org">x</a></p>'))).toBe(
      "p([a:mailto:desk@example.org x])",
    );
    expect(short(html('<a href="https://example.org/a b">x</a>'))).toBe("p([a:https://example.org/a%20b x])");
  });

  test("what the schema does not know gives its words", () => {
    expect(short(html("<table><tr><th>Year</th><td>2024</td></tr></table><font color=red>red</font>"))).toBe(
      "p(Year | 2024)p(red)",
    );
    expect(short(html("<dl><dt>a</dt><dd>b</dd></dl><pre>c\n  d</pre>"))).toBe("p(a)p(b)p(c⏎d)");
  });

  test("headings keep their order of rank, from 2 to 4", () => {
    expect(short(html("<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6>"))).toBe("h2(a)h3(b)h4(c)h4(d)");
    expect(short(html("<h2>a</h2><h3><b>b</b></h3>"))).toBe("h2(a)h3(b)");
  });

  test("white space is a page's, not a text's", () => {
    expect(short(html("<p>\n  One \n <b> two </b> three<br>\n four<br></p>\n five"))).toBe(
      "p(One [b two ]three⏎four)p(five)",
    );
  });

  test("lists in lists, with and without an item around them", () => {
    expect(short(html("<ul><li>a<ul><li>b</li></ul></li><ul><li>c</li></ul><li><h2>d</h2></li></ul>"))).toBe(
      "ul(li(p(a)ul(li(p(b)))ul(li(p(c))))li(p(d)))",
    );
    expect(short(html("<ol><li><ul><li>a</li></ul></li></ol><li>b</li>"))).toBe(
      "ol1(li(p()ul(li(p(a)))))ul(li(p(b)))",
    );
  });

  test("a whole page of its own gives its body", () => {
    expect(
      short(html("<!doctype html><html><head><title>x</title></head><body><p>y</p></body></html>")),
    ).toBe("p(y)");
  });

  test("paragraphs in a link stay paragraphs", () => {
    expect(short(html('<a href="https://example.org/"><p>a</p><p>b</p></a>'))).toBe(
      "p([a:https://example.org/ a])p([a:https://example.org/ b])",
    );
  });

  test("hostile depth gives the words", () => {
    const deep = 20_000;
    expect(plainText(html(`${"<div>".repeat(deep)}end${"</div>".repeat(deep)}`))).toBe("end");
    expect(plainText(html(`${"<ul><li>".repeat(500)}end`))).toContain("end");
    expect(plainText(markdown(`${"> ".repeat(2000)}end`))).toContain("end");
    expect(plainText(markdown("*".repeat(50_000)))).toBeDefined();
    expect(plainText(markdown("[".repeat(20_000)))).toBeDefined();
  });
});

describe("word processors", () => {
  test("Google Docs: weight by style, its own wrapper and its redirecting links", () => {
    const body = html(
      `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span
      style="font-weight:700">Bold</span><span style="font-style:italic"> slanted </span><a
      href="https://www.google.com/url?q=https://example.org/a&amp;sa=D&amp;ust=1"><span>link</span></a></p><br></b>`,
    );
    expect(short(body)).toBe("p([b Bold][i  slanted ][a:https://example.org/a link])");
  });

  test("Word: lists made of paragraphs, tracked deletions, empty office tags", () => {
    const item = (level: number, bullet: string, words: string) =>
      `<p class=MsoListParagraph style='margin-left:36pt;mso-list:l0 level${String(level)} lfo1'><![if !supportLists]><span
       style='mso-list:Ignore'>${bullet}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>${words}<o:p></o:p></p>`;
    const body = html(
      `<p class=MsoNormal>Some <del>4,600</del><ins>4,700</ins> troops<o:p>&nbsp;</o:p></p>` +
        item(1, "·", "one") +
        item(2, "o", "deeper") +
        item(1, "·", "two") +
        item(1, "1.", "first"),
    );
    expect(short(body)).toBe(
      "p(Some 4,700 troops)ul(li(p(one)ul(li(p(deeper))))li(p(two)))ol1(li(p(first)))",
    );
  });
});
