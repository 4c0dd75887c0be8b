package report

import (
	"bytes"
	"fmt"
	"strings"
)

// writeMarkdown writes the document as GitHub-flavoured Markdown.
func writeMarkdown(doc *document) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n%s\n", escapeMarkdown(doc.Title), markdown(doc.Meta))
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "\n%s %s\n", strings.Repeat("#", s.Level), escapeMarkdown(s.Title))
		for _, block := range s.Blocks {
			writeBlock(&b, block)
		}
	}
	fmt.Fprintf(&b, "\n---\n\n%s\n", markdown(doc.Foot))
	return b.Bytes()
}

func writeBlock(b *bytes.Buffer, block block) {
	if len(block.Paragraph) > 0 {
		fmt.Fprintf(b, "\n%s\n", markdown(block.Paragraph))
	}
	if len(block.List) > 0 {
		b.WriteByte('\n')
		for _, item := range block.List {
			fmt.Fprintf(b, "- %s\n", markdown(item))
		}
	}
	if len(block.Cards) > 0 {
		cards := &grid{Columns: []column{{Name: "Number", Numeric: true}, {Name: "What"}, {Name: "Rests on"}, {Name: "From"}}}
		for _, c := range block.Cards {
			cards.Rows = append(cards.Rows, rowOf(bold("%s", c.Value), say("%s", c.Label), say("%s", c.Rests), name(c.Source)))
		}
		writeTable(b, cards)
	}
	if block.Table != nil {
		writeTable(b, block.Table)
	}
	for _, f := range block.Figures {
		fmt.Fprintf(b, "\n**%s**\n\n%s\n\n![%s](charts/%s.svg)\n\n", escapeMarkdown(f.Title), escapeMarkdown(f.Subtitle), escapeMarkdown(f.Title), f.Name)
		if f.Note != "" {
			fmt.Fprintf(b, "%s ", escapeMarkdown(f.Note))
		}
		fmt.Fprintf(b, "[Data](charts/%s.csv), [PNG](charts/%s.png)\n", f.Name, f.Name)
	}
}

func writeTable(b *bytes.Buffer, g *grid) {
	if len(g.Caption) > 0 {
		fmt.Fprintf(b, "\n%s\n", markdown(g.Caption))
	}
	b.WriteString("\n|")
	for _, c := range g.Columns {
		fmt.Fprintf(b, " %s |", escapeMarkdown(c.Name))
	}
	b.WriteString("\n|")
	for _, c := range g.Columns {
		if c.Numeric {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteByte('\n')
	for _, cells := range g.Rows {
		b.WriteByte('|')
		for _, c := range cells {
			if c.Covered {
				b.WriteString(" |")
				continue
			}
			fmt.Fprintf(b, " %s |", markdown(c.Text))
		}
		b.WriteByte('\n')
	}
}

// markdown writes a text. A name stands between backticks, which nothing in it
// can close.
func markdown(t text) string {
	var b strings.Builder
	for _, s := range t {
		body := escapeMarkdown(s.Text)
		// Blanks inside the asterisks would keep them from marking anything.
		trimmed := strings.TrimRight(body, " ")
		after := body[len(trimmed):]
		switch {
		case s.Href != "":
			fmt.Fprintf(&b, "[%s](%s)", body, s.Href)
		case strings.TrimSpace(body) == "":
			b.WriteString(body)
		case s.Style == strong:
			fmt.Fprintf(&b, "**%s**%s", trimmed, after)
		case s.Style == quiet:
			fmt.Fprintf(&b, "*%s*%s", trimmed, after)
		case s.Style == code:
			fmt.Fprintf(&b, "`%s`", strings.NewReplacer("`", "'", "|", "¦").Replace(clean(s.Text)))
		default:
			b.WriteString(body)
		}
	}
	return b.String()
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "#", `\#`, "$", `\$`,
	"!", `\!`, "@", `\@`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"://", `\://`, "www.", `www\.`, "WWW.", `WWW\.`,
)

// escapeMarkdown keeps text from becoming markup, a link, or a mention.
func escapeMarkdown(s string) string {
	s = markdownEscapes.Replace(clean(s))
	// A line that begins like a list, a rule or a heading.
	if trimmed := strings.TrimLeft(s, " "); trimmed != "" && strings.ContainsRune("-+=", rune(trimmed[0])) {
		return strings.Replace(s, trimmed[:1], `\`+trimmed[:1], 1)
	}
	return s
}
