package catcher_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/jalon/internal/catcher"
)

func start(t *testing.T) *catcher.Catcher {
	t.Helper()
	c, err := catcher.Open(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
		require.NoError(t, c.Close())
	})
	return c
}

func send(t *testing.T, c *catcher.Catcher, to, raw string) error {
	t.Helper()
	client, err := smtp.Dial(strings.TrimPrefix(c.URL(), "smtp://"))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close()) }()
	return client.SendMail("jalon@example.com", []string{to}, strings.NewReader(raw))
}

func mailNumber(n int) string {
	return fmt.Sprintf("From: Jalon <jalon@example.com>\r\nTo: anna@example.com\r\nSubject: =?utf-8?q?n=C2=B0?= %d\r\n"+
		"Date: Tue, 03 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nBonjour L=C3=A9a\r\n"+
		"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Bonjour</p>\r\n--b--\r\n", n)
}

func TestWhatIsSentCanBeRead(t *testing.T) {
	c := start(t)
	require.NoError(t, send(t, c, "anna@example.com", mailNumber(1)))
	mails := c.Mails()
	require.Len(t, mails, 1)
	require.Equal(t, "n° 1", mails[0].Subject)
	require.Equal(t, "anna@example.com", mails[0].To)
	require.Equal(t, "Bonjour Léa", strings.TrimSpace(mails[0].Text))
	require.Contains(t, mails[0].HTML, "<p>Bonjour</p>")
	found, ok := c.Mail(mails[0].ID)
	require.True(t, ok)
	require.Equal(t, mails[0], found)
}

func TestOnlyTheLastMailsAreKeptNewestFirst(t *testing.T) {
	c := start(t)
	for n := range 205 {
		require.NoError(t, send(t, c, "anna@example.com", mailNumber(n)))
	}
	mails := c.Mails()
	require.Len(t, mails, 200)
	require.Equal(t, "n° 204", mails[0].Subject)
	_, ok := c.Mail("1")
	require.False(t, ok)
}

func TestWhatIsNoMailIsRefused(t *testing.T) {
	c := start(t)
	require.Error(t, send(t, c, "anna@example.com", "nothing"))
	require.Empty(t, c.Mails())
}
