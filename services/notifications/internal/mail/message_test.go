package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parts reads a mail as a mail program does: its headers, its plain text, its HTML.
func parts(t *testing.T, raw string) (header netmail.Header, text, html string) {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	reader := multipart.NewReader(message.Body, params["boundary"])
	var bodies []string
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		bodies = append(bodies, string(body))
	}
	require.Len(t, bodies, 2)
	return message.Header, bodies[0], bodies[1]
}

func TestAMailCarriesWhatReadersAndGatewaysNeed(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.contacts[people[1]].Language = "en"
	o.tell(o.show(people...))
	mails := o.server.taken()
	require.Len(t, mails, 2)
	require.Equal(t, "jalon@example.com", mails[0].from)

	header, text, html := parts(t, mails[0].content)
	require.Equal(t, "auto-generated", header.Get("Auto-Submitted"))
	unsubscribe := strings.Trim(header.Get("List-Unsubscribe"), "<>")
	require.Equal(t, "https://jalon.example.com/unsubscribe/"+o.mailer.Token(people[0]), unsubscribe)
	require.Equal(t, "List-Unsubscribe=One-Click", header.Get("List-Unsubscribe-Post"))
	require.Regexp(t, `^<[0-9a-f-]{36}\.[\w-]{22}\.[\w-]{22}@example\.com>$`, header.Get("Message-ID"))
	to, err := header.AddressList("To")
	require.NoError(t, err)
	require.Equal(t, "Léa Moreau", to[0].Name)
	link := "https://jalon.example.com/survey/" + invitationOf(people[0])
	for _, body := range []string{text, html} {
		require.Contains(t, body, "Bonjour Léa,")
		require.Contains(t, body, link)
		require.Contains(t, body, unsubscribe)
		require.NotContains(t, strings.ToLower(body), "onboarding", "the mail tells which moment it is about")
	}
	for _, tracker := range []string{"<img", "<script", "@import", "url("} {
		require.NotContains(t, html, tracker)
	}

	_, text, html = parts(t, mails[1].content)
	require.Contains(t, text, "Hello Léa,")
	require.Contains(t, html, `lang="en"`)
}

func TestWhatANameHoldsNeverBecomesMarkupNorAHeader(t *testing.T) {
	for _, evil := range []string{
		"<script>alert(1)</script>", "Léa\r\nBcc: everybody@example.com", "Léa\nSubject: won\n\n<b>", `"; DROP`, "=?utf-8?Q?x?=\u2028y", "{{.Survey}}", "\x00\x1b[31m", "@@survey@@", "&amp;<img src=x>",
	} {
		t.Run(evil, func(t *testing.T) {
			o := open(t)
			people := o.know("anna")
			o.contacts[people[0]].GivenName, o.contacts[people[0]].FamilyName = evil, evil
			o.tell(o.show(people...))
			mails := o.server.taken()
			require.Len(t, mails, 1)
			header, _, html := parts(t, mails[0].content)
			require.Empty(t, header.Get("Bcc"))
			require.Len(t, header["Subject"], 1)
			list, err := header.AddressList("To")
			require.NoError(t, err)
			require.Len(t, list, 1)
			require.NotContains(t, html, "<script>")
			require.NotContains(t, html, "<b>")
			require.NotContains(t, html, "<img")
			require.Equal(t, 1, strings.Count(html, "/survey/"))
		})
	}
}

func TestWhatAnAddressHoldsNeverReachesTheServer(t *testing.T) {
	o := open(t)
	people := o.know("a", "b", "c", "d")
	for i, evil := range []string{
		"anna@example.com\r\nRCPT TO:<everybody@example.com>", "anna@example.com, ben@example.com", "Anna <anna@example.com>", "<anna@example.com>\n",
	} {
		o.contacts[people[i]].Email = evil
	}
	o.tell(o.show(people...))
	for _, m := range o.server.taken() {
		require.Equal(t, "anna@example.com", m.to)
		require.False(t, bytes.ContainsAny([]byte(m.to), "\r\n,"))
	}
	require.GreaterOrEqual(t, o.counts().GetBounced(), int64(3))
}
