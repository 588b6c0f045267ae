package mail

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html"
	"html/template"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"

	"jalon.dev/services/notifications/internal/calendar"
)

//go:embed message.html message.txt
var templates embed.FS

// writer makes mails. What they say is the same for every key moment and every kind of talk: a subject line is read on locked
// screens and by gateways, and "your return from sick leave" is nobody's business there.
type writer struct {
	from   *netmail.Address
	domain string
	links  links
	shapes map[shapeKey]shape
}

// shapeKey says which mail a shape is of.
type shapeKey struct {
	lang string
	form form
	// counted mails carry an image, and say so.
	counted bool
}

// shape is a mail as its templates draw it, in pieces, some of which are marks where each reader's own words and links go: drawn
// once, filled in a hundred thousand times.
type shape struct{ subject, html, text []string }

// Marks are harmless in HTML, in an address and in plain text. They are looked for in the shape, never in what is filled in.
const (
	helloMark       = "@@hello@@"
	linkMark        = "@@link@@"
	unsubscribeMark = "@@unsubscribe@@"
	// headlineMark is what a mail about talks begins with: how many there are, or with whom; whenMark is when.
	headlineMark = "@@headline@@"
	whenMark     = "@@when@@"
	// imageMark is where the address of the image goes.
	imageMark = "@@image@@"
)

func newWriter(from string, links links) (*writer, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("JALON_MAIL_FROM: %w", err)
	}
	if sender.Name == "" {
		sender.Name = "Jalon"
	}
	shapes, err := drawShapes()
	if err != nil {
		return nil, fmt.Errorf("drawing the mails: %w", err)
	}
	return &writer{
		from: sender, domain: sender.Address[strings.LastIndexByte(sender.Address, '@')+1:], links: links, shapes: shapes,
	}, nil
}

func drawShapes() (map[shapeKey]shape, error) {
	page, err := template.ParseFS(templates, "message.html")
	if err != nil {
		return nil, err
	}
	plainPage, err := texttemplate.ParseFS(templates, "message.txt")
	if err != nil {
		return nil, err
	}
	shapes := map[shapeKey]shape{}
	for lang, forms := range wordings {
		for form, say := range forms {
			say.Hello = helloMark
			for _, counted := range []bool{false, true} {
				c := content{words: say, Lang: lang, Link: linkMark, Unsubscribe: unsubscribeMark}
				var drawn, text bytes.Buffer
				if err := plainPage.Execute(&text, c); err != nil { // plain text has no images
					return nil, err
				}
				if counted {
					c.Image, c.Private = imageMark, countedIn[lang]
				}
				if err := page.Execute(&drawn, c); err != nil {
					return nil, err
				}
				shapes[shapeKey{lang, form, counted}] = shape{pieces(say.Subject), pieces(drawn.String()), pieces(text.String())}
			}
		}
	}
	return shapes, nil
}

// letter is what one mail says to whom.
type letter struct {
	ID, PersonID                       string
	GivenName, FamilyName, Email, Lang string
	At                                 time.Time
	matter
}

type content struct {
	words
	Lang, Link, Unsubscribe string
	// Image is empty where nothing counts.
	Image string
}

// write writes the mail as it goes over the wire, and returns the address in its envelope. It fails for what is no address.
func (w *writer) write(out io.Writer, l letter) (to string, err error) {
	address, err := netmail.ParseAddress(l.Email)
	if err != nil || address.Name != "" || strings.ContainsFunc(address.Address, unprintable) {
		return "", errNoAddress
	}
	address.Name = plain(l.GivenName + " " + l.FamilyName)
	unsubscribe := w.links.unsubscribe(l.PersonID)
	shape, values := w.said(l, unsubscribe)

	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary("jalon-"+l.ID))
	m.FromMailAddress(w.from)
	m.ToMailAddress(address)
	m.Subject(cmp.Or(l.subject, filled(shape.subject, values)))
	m.SetDateWithValue(l.At)
	m.SetMessageIDWithValue(w.links.messageID(l.ID, l.Email, w.domain))
	m.SetGenHeader(mail.Header("Auto-Submitted"), "auto-generated")
	m.SetGenHeader(mail.Header("Content-Language"), l.Lang)
	m.SetGenHeaderPreformatted(mail.Header("List-Unsubscribe"), "<"+unsubscribe+">")
	if strings.HasPrefix(unsubscribe, "https:") { // RFC 8058 allows it there only
		m.SetGenHeader(mail.Header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click")
	}
	m.SetBodyWriter(mail.TypeTextPlain, fill(shape.text, values, verbatim))
	m.AddAlternativeWriter(mail.TypeTextHTML, fill(shape.html, values, html.EscapeString))
	if l.invitation != nil {
		if err := w.invite(m, *l.invitation, calendar.Mailbox{Name: address.Name, Address: address.Address}); err != nil {
			return "", err
		}
	}
	if _, err := m.WriteTo(out); err != nil {
		return "", fmt.Errorf("writing a mail: %w", err)
	}
	return address.Address, nil
}

// said is what a mail says: its shape, and what goes in the places of its marks.
func (w *writer) said(l letter, unsubscribe string) (shape, map[string]string) {
	return w.shapes[shapeKey{l.Lang, l.form, l.image != ""}], map[string]string{
		helloMark: helloIn(l.Lang, plain(l.GivenName)), linkMark: l.link, unsubscribeMark: unsubscribe, headlineMark: l.headline, whenMark: l.when,
		imageMark: l.image,
	}
}

// invite adds what the reader's calendar reads. It is the last of the alternatives, as programs with a calendar expect; in base64
// nothing on the way touches its line ends.
func (w *writer) invite(m *mail.Msg, i calendar.Invitation, reader calendar.Mailbox) error {
	i.Organizer, i.Attendee = calendar.Mailbox{Name: plain(w.from.Name), Address: w.from.Address}, reader
	content, err := i.Write()
	if err != nil {
		return err
	}
	kind := mail.ContentType("text/calendar; method=" + string(i.Method))
	m.AddAlternativeString(kind, string(content), mail.WithPartEncoding(mail.EncodingB64))
	return nil
}

var marks = regexp.MustCompile(strings.Join([]string{helloMark, linkMark, unsubscribeMark, headlineMark, whenMark, imageMark}, "|"))

// pieces cuts what was drawn before and after each mark.
func pieces(drawn string) []string {
	var cut []string
	end := 0
	for _, at := range marks.FindAllStringIndex(drawn, -1) {
		cut = append(cut, drawn[end:at[0]], drawn[at[0]:at[1]])
		end = at[1]
	}
	return append(cut, drawn[end:])
}

// fill writes pieces with values, escaped for where they go, in the places of their marks.
func fill(pieces []string, values map[string]string, escape func(string) string) func(io.Writer) (int64, error) {
	return func(out io.Writer) (int64, error) {
		var written int64
		for _, piece := range pieces {
			if value, mark := values[piece]; mark {
				piece = escape(value)
			}
			n, err := io.WriteString(out, piece)
			written += int64(n)
			if err != nil {
				return written, err
			}
		}
		return written, nil
	}
}

func filled(pieces []string, values map[string]string) string {
	var out strings.Builder
	_, _ = fill(pieces, values, verbatim)(&out) // never fails, says strings.Builder
	return out.String()
}

func verbatim(s string) string { return s }

// plain is a name as a file gave it, without what could end a line.
func plain(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
}

func unprintable(r rune) bool { return r <= ' ' || !unicode.IsPrint(r) }
