package mail

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/agenda"
)

const (
	// batches is how many are dealt with in one go of the agenda.
	batches = 40
	// ahead is how many batches are in hand for each connection: while one is sent, others are read, written or written down.
	ahead = 3
	// shift is how long one go begins new mails; the agenda gives it twice as long in all.
	shift = 45 * time.Second
	// notingTime is for how long it is tried to write down what became of mails, also when the process has to end: longer than an
	// election. What is not written is in doubt.
	notingTime = 20 * time.Second
	// notingPause lies between two tries.
	notingPause = 200 * time.Millisecond

	// enough is how often in a row the server may be away or fall silent before the rest of a batch is left for later: it bounds
	// how many mails a broken server makes doubtful.
	enough = 3

	// usualSize is how many bytes most mails have at most.
	usualSize = 6 << 10

	// firstRetry doubles with each try, up to lastRetry, for mostTries: some eight hours, in which nights do not count.
	firstRetry = time.Minute
	lastRetry  = time.Hour
	mostTries  = 14

	// prompt mails leave this soon after the gate let their prompt through; any other is put before it again.
	prompt = 5 * time.Minute
)

// handOver deals with batches that are due, as many at once as there are connections. An agenda that is not configured to
// send any more lets its batches wait an hour at a time.
func (m *Mailer) handOver(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	outcomes := make([]agenda.Outcome, len(items))
	done := make([]bool, len(items))
	begun := time.Now()
	var group errgroup.Group
	group.SetLimit(max(1, ahead*cap(m.lines)))
	for i, item := range items {
		if !m.config.Enabled() {
			outcomes[i], done[i] = agenda.Postpone(item.ID, now.Add(lastRetry), "e-mail is off"), true
			continue
		}
		group.Go(func() error {
			next, err := m.batch(ctx, now, begun, item.ID)
			if err != nil {
				return err
			}
			outcomes[i], done[i] = agenda.Done(item.ID), true
			if !next.IsZero() {
				outcomes[i] = agenda.Postpone(item.ID, next, "refused for now")
			}
			return nil
		})
	}
	err := group.Wait()
	var known []agenda.Outcome
	for i, outcome := range outcomes {
		if done[i] {
			known = append(known, outcome)
		}
	}
	return known, err
}

// batch sends what waits of one batch and returns when to look at it again; zero when nothing is left.
func (m *Mailer) batch(ctx context.Context, now, begun time.Time, id string) (time.Time, error) {
	h, waiting, err := m.store.open(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	if len(h.Claimed) > 0 {
		ours, err := m.giveUp(ctx, now, &h, waiting)
		if err != nil || !ours {
			return now.Add(time.Second), err
		}
		if _, waiting, err = m.store.open(ctx, id); err != nil {
			return time.Time{}, err
		}
	}
	if len(waiting) == 0 {
		return time.Time{}, nil
	}
	if time.Since(begun) >= shift {
		return now.Add(time.Second), nil
	}
	letters, err := m.letters(ctx, now, waiting)
	if err != nil {
		return time.Time{}, err
	}
	next, err := m.send(ctx, now, begun, &h, letters)
	return sooner(next, letters.later), err
}

// giveUp settles mails whose handing over was interrupted; false where another process does.
func (m *Mailer) giveUp(ctx context.Context, now time.Time, h *handover, waiting []doc) (bool, error) {
	lost, ours, err := m.store.lose(ctx, now, h, waiting)
	if err != nil || !ours {
		return false, err
	}
	m.count(ctx, map[State]int{Unknown: lost})
	m.Log.Warn("mails were being handed over when Jalon ended: they may have left, and are not sent again", zap.Int("mails", lost))
	return true, nil
}

// sooner is the earlier of two instants; zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// post is a mail with what it says, and once it is written as it goes over the wire.
type post struct {
	doc
	letter
	to        string
	raw       []byte
	unwritten error
}

// send claims mails, hands them over on the next free line, and writes down what became of them and of those that are withdrawn, even when
// ctx has ended meanwhile.
func (m *Mailer) send(ctx context.Context, now, begun time.Time, h *handover, letters letters) (time.Time, error) {
	if len(letters.posts)+len(letters.withdrawn) == 0 {
		return time.Time{}, nil
	}
	posts := m.write(letters.posts)
	var results []outcome
	var ours bool
	var err error
	if len(posts) == 0 {
		ours, err = m.claim(ctx, now, h, nil, letters.withdrawn)
	} else {
		line := <-m.lines
		// Not before there is a line: what is claimed is in doubt after a crash.
		if ours, err = m.claim(ctx, now, h, posts, letters.withdrawn); ours && err == nil {
			posts = m.upToDate(ctx, posts)
			results = m.post(ctx, begun, posts, line)
		}
		m.lines <- line
	}
	switch {
	case err != nil:
		return time.Time{}, err
	case !ours: // whoever has the batch may die with it
		return now.Add(time.Second), nil
	}
	changes, marks := letters.withdrawn, map[string]string{}
	var next time.Time
	if len(posts) < len(letters.posts) {
		next = now.Add(time.Second) // to look again at those that were left out
	}
	for i, p := range posts {
		result := results[i]
		became := endings[result.fate]
		if result.fate == putOff && p.Tries+1 >= mostTries {
			became = Failed
		}
		if became == Waiting {
			next = sooner(next, now.Add(pause(result.fate, p.Tries)))
		}
		if result.fate == bounced {
			marks[p.doc.PersonID] = m.links.mark(p.Email)
		}
		changes[p.doc.ID] = change{became, result.reason}
	}
	if err := m.note(ctx, now, h, changes, marks); err != nil {
		return time.Time{}, err
	}
	m.count(ctx, tally(changes))
	return next, nil
}

// claim claims posts. When it is not known whether that was done, it is undone.
func (m *Mailer) claim(ctx context.Context, now time.Time, h *handover, posts []post, withdrawn map[string]change) (bool, error) {
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.doc.ID
	}
	ours, err := m.store.claim(ctx, h, ids, slices.Collect(maps.Keys(withdrawn)))
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), notingTime)
		defer cancel()
		err = errors.Join(err, m.store.unclaim(ctx, now, *h))
	}
	return ours, err
}

// upToDate leaves out mails of which something became between the looking and the claim: an erasure, or newer news of a talk. What keeps
// it from looking keeps all of them here.
func (m *Mailer) upToDate(ctx context.Context, posts []post) []post {
	var ids, talks []string
	for _, p := range posts {
		ids = append(ids, p.doc.ID)
		if p.Talk != nil {
			talks = append(talks, p.Talk.TalkID)
		}
	}
	waiting, err := m.store.stillWaiting(ctx, ids)
	entries, failed := m.calendar.Get(ctx, talks)
	if err := errors.Join(err, failed); err != nil {
		m.Log.Warn("mails wait: it could not be looked at them once more", zap.Int("mails", len(posts)), zap.Error(err))
		return nil
	}
	return slices.DeleteFunc(posts, func(p post) bool {
		return !waiting[p.doc.ID] || p.Talk != nil && entries[p.Talk.TalkID].Order() != p.Talk.Order
	})
}

// note writes down what became of mails, again and again while the database is away: first which addresses are refused, since nobody asks
// for that once the mails are settled.
func (m *Mailer) note(ctx context.Context, now time.Time, h *handover, changes map[string]change, marks map[string]string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), notingTime)
	defer cancel()
	for {
		err := m.store.refuse(ctx, marks)
		if err == nil {
			err = m.store.settle(ctx, now, h, changes)
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		m.Log.Warn("what became of mails could not be noted yet", zap.Int("mails", len(changes)), zap.Error(err))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(notingPause):
		}
	}
}

var endings = map[fate]State{
	untried: Waiting, putOff: Waiting, taken: Sent, bounced: Bounced, refused: Failed, unknown: Unknown,
}

// pause is how long a mail rests before its next try.
func pause(f fate, tries int) time.Duration {
	if f == untried {
		return time.Second
	}
	return min(firstRetry<<min(tries, 10), lastRetry)
}

// write makes the mails of a batch ready, before a line is waited for.
func (m *Mailer) write(posts []post) []post {
	var all bytes.Buffer
	all.Grow(len(posts) * usualSize)
	spans := make([]struct{ from, to int }, len(posts))
	for i := range posts {
		p, from := &posts[i], all.Len()
		if p.to, p.unwritten = m.writer.write(&all, p.letter); p.unwritten != nil {
			all.Truncate(from)
		}
		spans[i].from, spans[i].to = from, all.Len()
	}
	for i, span := range spans {
		posts[i].raw = all.Bytes()[span.from:span.to]
	}
	return posts
}

// post hands mails over on a line, as long as there is time and a server that answers.
func (m *Mailer) post(ctx context.Context, begun time.Time, posts []post, line *line) []outcome {
	results := make([]outcome, len(posts))
	silent := 0
	for i, p := range posts {
		switch {
		case silent >= enough:
			results[i] = outcome{fate: putOff, reason: noConnection}
		case ctx.Err() != nil || time.Since(begun) >= shift:
			results[i] = outcome{reason: "no_time"}
		default:
			results[i] = m.postOne(ctx, p, line)
			if silent++; !results[i].away {
				silent = 0
			}
		}
	}
	return results
}

func (m *Mailer) postOne(ctx context.Context, p post, line *line) outcome {
	switch {
	case errors.Is(p.unwritten, errNoAddress):
		return outcome{fate: bounced, reason: "address_malformed"}
	case p.unwritten != nil:
		return outcome{fate: refused, reason: "not_writable"}
	}
	result, err := line.deliver(ctx, p.to, p.raw)
	if err != nil {
		// What the server said may quote the address; its code does not.
		m.Log.Warn("a mail was not taken", zap.String("mail", p.doc.ID), zap.String("reason", result.reason))
	}
	return result
}
