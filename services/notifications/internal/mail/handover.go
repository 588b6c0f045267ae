package mail

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/agenda"
)

const (
	// batches is how many are dealt with in one go of the agenda.
	batches = 40
	// ahead is how many batches are in hand for each connection: while one is sent, others are read or written down.
	ahead = 3
	// shift is how long one go begins new mails; the agenda gives it twice as long in all.
	shift = 45 * time.Second
	// notingTime is what is left for writing down what became of mails when the process has to end.
	notingTime = 5 * time.Second

	// enough is how often in a row the server may be away or fall silent before the rest of a batch is left for later: it bounds
	// how many mails a broken server makes doubtful.
	enough = 3

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
	docs, err := m.store.open(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	var waiting, interrupted []doc
	for _, d := range docs {
		if d.State == Claimed {
			interrupted = append(interrupted, d)
		} else {
			waiting = append(waiting, d)
		}
	}
	if len(interrupted) > 0 {
		if err := m.store.lose(ctx, now, interrupted); err != nil {
			return time.Time{}, err
		}
		m.count(ctx, changesTo(interrupted, Unknown))
		m.Log.Warn("mails were being handed over when Jalon ended: they may have left, and are not sent again",
			zap.Int("mails", len(interrupted)))
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
	if err := m.store.settle(ctx, now, "", letters.withdrawn); err != nil {
		return time.Time{}, err
	}
	m.count(ctx, letters.withdrawn)
	if len(letters.posts) == 0 {
		return letters.later, nil
	}
	next, err := m.send(ctx, now, begun, letters.posts)
	return sooner(next, letters.later), err
}

// sooner is the earlier of two instants; zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// post is a mail with what it says.
type post struct {
	doc
	letter
}

// send claims mails, hands them over on the next free line, and writes down what became of them, even when ctx has ended meanwhile.
func (m *Mailer) send(ctx context.Context, now, begun time.Time, posts []post) (time.Time, error) {
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.doc.ID
	}
	line := <-m.lines
	release := sync.OnceFunc(func() { m.lines <- line })
	defer release()
	// Not before there is a line: what is claimed is in doubt after a crash.
	claim := uuid.NewString()
	mine, err := m.store.claim(ctx, claim, ids)
	if err != nil {
		return time.Time{}, err
	}
	changes := make(map[string]change, len(mine))
	marks := map[string]string{}
	var next time.Time
	silent := 0
	for _, p := range posts {
		if !mine[p.doc.ID] {
			continue
		}
		result := outcome{reason: "no_time"}
		switch {
		case silent >= enough:
			result = outcome{putOff, noConnection}
		case ctx.Err() == nil && time.Since(begun) < shift:
			result = m.post(ctx, p, line)
			if silent++; result.reason != noConnection && result.reason != noAnswer {
				silent = 0
			}
		}
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
	release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), notingTime)
	defer cancel()
	if err := errors.Join(m.store.refuse(ctx, marks), m.store.settle(ctx, now, claim, changes)); err != nil {
		return time.Time{}, err
	}
	m.count(ctx, changes)
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

// post writes one mail and hands it over.
func (m *Mailer) post(ctx context.Context, p post, line *line) outcome {
	to, raw, err := m.writer.write(p.letter)
	if err != nil {
		if errors.Is(err, errNoAddress) {
			return outcome{bounced, "address_malformed"}
		}
		return outcome{refused, "not_writable"}
	}
	result, err := line.deliver(ctx, to, raw)
	if err != nil {
		// What the server said may quote the address; its code does not.
		m.Log.Warn("a mail was not taken", zap.String("mail", p.doc.ID), zap.String("reason", result.reason))
	}
	return result
}

func changesTo(docs []doc, state State) map[string]change {
	changes := make(map[string]change, len(docs))
	for _, d := range docs {
		changes[d.ID] = change{state: state}
	}
	return changes
}
