package mail

import (
	"bytes"
	"context"
	"errors"
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
	// doubts is for how many batches for each connection it may be in doubt at once, if the process dies, whether their mails left: while
	// one is sent, the next is claimed or the last one noted.
	doubts = 2
	// shift is how long one go begins new mails; the agenda gives it twice as long in all.
	shift = 45 * time.Second
	// notingTime is what is left for writing down what became of mails when the process has to end.
	notingTime = 5 * time.Second

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
		if waiting, err = m.giveUp(ctx, now, &h, waiting); err != nil {
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

// giveUp settles mails whose handing over was interrupted, and returns the others.
func (m *Mailer) giveUp(ctx context.Context, now time.Time, h *handover, waiting []doc) ([]doc, error) {
	lost, err := m.store.lose(ctx, now, h, waiting)
	if err != nil {
		return nil, err
	}
	m.count(ctx, map[State]int{Unknown: len(lost)})
	m.Log.Warn("mails were being handed over when Jalon ended: they may have left, and are not sent again", zap.Int("mails", len(lost)))
	return slices.DeleteFunc(waiting, func(d doc) bool { return slices.Contains(lost, d.ID) }), nil
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
	m.doubt <- struct{}{}
	defer func() { <-m.doubt }()
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.doc.ID
	}
	switch ours, err := m.store.claim(ctx, h, ids); {
	case err != nil:
		return time.Time{}, err
	case !ours: // whoever has the batch may die with it
		return now.Add(time.Second), nil
	}
	line := <-m.lines
	results := m.post(ctx, begun, posts, line)
	m.lines <- line

	changes, marks := letters.withdrawn, map[string]string{}
	var next time.Time
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), notingTime)
	defer cancel()
	if err := errors.Join(m.store.refuse(ctx, marks), m.store.settle(ctx, now, h, changes)); err != nil {
		return time.Time{}, err
	}
	m.count(ctx, tally(changes))
	return next, nil
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
			results[i] = outcome{putOff, noConnection}
		case ctx.Err() != nil || time.Since(begun) >= shift:
			results[i] = outcome{reason: "no_time"}
		default:
			results[i] = m.postOne(ctx, p, line)
			if silent++; results[i].reason != noConnection && results[i].reason != noAnswer {
				silent = 0
			}
		}
	}
	return results
}

func (m *Mailer) postOne(ctx context.Context, p post, line *line) outcome {
	switch {
	case errors.Is(p.unwritten, errNoAddress):
		return outcome{bounced, "address_malformed"}
	case p.unwritten != nil:
		return outcome{refused, "not_writable"}
	}
	result, err := line.deliver(ctx, p.to, p.raw)
	if err != nil {
		// What the server said may quote the address; its code does not.
		m.Log.Warn("a mail was not taken", zap.String("mail", p.doc.ID), zap.String("reason", result.reason))
	}
	return result
}
