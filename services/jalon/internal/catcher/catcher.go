// Package catcher is a mail server that delivers to nobody: it keeps the last mails in memory, so that somebody who tries
// Jalon reads what it would have sent. It listens on this machine only.
package catcher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	// kept is how many mails are remembered.
	kept = 200
	// largest is the most that one mail may weigh.
	largest = 1 << 20
	// mostRecipients is more than Jalon ever names in one mail.
	mostRecipients = 5
)

// Mail is one that was caught.
type Mail struct {
	ID         string
	From, To   string
	Subject    string
	At         time.Time
	Text, HTML string
	Headers    [][2]string
}

// Catcher is the server and what it caught.
type Catcher struct {
	listener net.Listener
	server   *smtp.Server

	mu    sync.Mutex
	next  int
	mails []Mail // oldest first
}

// Open listens on a free port of this machine.
func Open(ctx context.Context) (*Catcher, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the mail catcher: %w", err)
	}
	c := &Catcher{listener: listener}
	c.server = smtp.NewServer(c)
	c.server.Domain = "localhost"
	c.server.MaxMessageBytes = largest
	c.server.MaxRecipients = mostRecipients
	c.server.ReadTimeout, c.server.WriteTimeout = time.Minute, time.Minute
	return c, nil
}

// URL is where mail is handed over, as JALON_SMTP_URL is written.
func (c *Catcher) URL() string { return "smtp://" + c.listener.Addr().String() }

// Run catches until the context ends.
func (c *Catcher) Run(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = c.server.Close() })()
	err := c.server.Serve(c.listener)
	if ctx.Err() != nil || errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("catching mail: %w", err)
}

// Close frees the port; safe beside Run and after it.
func (c *Catcher) Close() error {
	if err := c.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("closing the mail catcher: %w", err)
	}
	return nil
}

// Mails returns what was caught, newest first.
func (c *Catcher) Mails() []Mail {
	c.mu.Lock()
	defer c.mu.Unlock()
	mails := slices.Clone(c.mails)
	slices.Reverse(mails)
	return mails
}

// Mail returns one that was caught; false when it is not, or not any more.
func (c *Catcher) Mail(id string) (Mail, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.mails, func(m Mail) bool { return m.ID == id })
	if i < 0 {
		return Mail{}, false
	}
	return c.mails[i], true
}

func (c *Catcher) keep(m Mail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	m.ID = strconv.Itoa(c.next)
	if len(c.mails) == kept {
		c.mails = slices.Delete(c.mails, 0, 1)
	}
	c.mails = append(c.mails, m)
}
