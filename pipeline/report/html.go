package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed page.html
var pageTemplate string

//go:embed page.css
var pageStyle string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"clean": clean}).Parse(pageTemplate))

// contentPolicy lets the page use its own style sheet and nothing else: no
// script, no image, font, frame or form, and no request.
func contentPolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// writeHTML writes the document as one page that needs nothing else.
func writeHTML(doc *document) ([]byte, error) {
	var out bytes.Buffer
	err := page.Execute(&out, struct {
		*document
		Policy template.HTMLAttr
		Style  template.CSS
	}{doc, template.HTMLAttr(`content="` + contentPolicy() + `"`), template.CSS(pageStyle)})
	return out.Bytes(), err
}
