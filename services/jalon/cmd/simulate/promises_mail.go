package main

import (
	"context"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// letters notes the mails that came and checks each.
func (b *books) letters(ctx context.Context, client *mongo.Client, came []delivery) error {
	if len(came) == 0 {
		return nil
	}
	ids := make([]string, len(came))
	for i, d := range came {
		ids[i] = d.id
	}
	docs, err := all[mailDoc](ctx, in(client, "notifications", "mails"), bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}})
	if err != nil {
		return err
	}
	byID := map[string]mailDoc{}
	for _, d := range docs {
		byID[d.ID] = d
	}
	for _, d := range came {
		b.kept(postedOnce)
		doc, noted := byID[d.id]
		prompt := b.asked[doc.Invitation]
		if err := b.addressed(d, doc); noted && err != nil {
			return err
		}
		switch {
		case b.mails[d.id] != nil:
			return b.broken(postedOnce, "mail %s came twice, at %s and now", d.id, b.mails[d.id].at)
		case d.tells:
			return b.broken(secret, "mail %s to %s holds what was written in a talk", d.id, doc.PersonID)
		case noted && doc.Talk != nil:
			if err := b.invitation(d, doc); err != nil {
				return err
			}
		case !noted || prompt == nil || prompt.shownAt.IsZero() || prompt.person != doc.PersonID:
			return b.broken(postedOnce, "mail %s to %s belongs to no prompt", d.id, doc.PersonID)
		}
		if err := b.quiet(doc.PersonID, b.read, "mail "+d.id); err != nil {
			return err
		}
		b.mails[d.id] = &letter{delivery: d, at: b.read}
	}
	return nil
}

// addressed checks that a mail went to its person's address, and that the person wants mail.
func (b *books) addressed(d delivery, doc mailDoc) error {
	now, before := b.people[doc.PersonID], b.former[doc.PersonID]
	switch {
	case !strings.EqualFold(d.to, now.Email) && !strings.EqualFold(d.to, before.Email):
		return b.broken(postedOnce, "mail %s was not sent to the address of %s", d.id, doc.PersonID)
	case now.choices.noEmail && before.choices.noEmail:
		return b.broken(quiet, "mail %s was sent to %s, who wants none", d.id, doc.PersonID)
	default:
		return nil
	}
}

// readMails reads the mails of which something became since the instant, or may still become. obliged says whether the post office took
// what was brought.
func (b *books) readMails(ctx context.Context, client *mongo.Client, since time.Time, obliged bool) ([]mailDoc, error) {
	docs, err := all[mailDoc](ctx, in(client, "notifications", "mails"),
		bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "batch", Value: bson.D{{Key: "$exists", Value: true}}}},
			bson.D{{Key: "settled_at", Value: bson.D{{Key: "$gte", Value: since}}}},
		}})
	if err != nil {
		return nil, err
	}
	handovers, err := all[handoverDoc](ctx, in(client, "notifications", "mail_handovers"), bson.E{Key: "claimed.0", Value: bson.D{{Key: "$exists", Value: true}}})
	if err != nil {
		return nil, err
	}
	claimed := map[string]bool{}
	for _, h := range handovers {
		for _, id := range h.Claimed {
			claimed[id] = true
		}
	}
	for i, d := range docs {
		if d.State == "waiting" && claimed[d.ID] {
			docs[i].State = handing
		}
		b.note(docs[i], obliged)
	}
	return docs, nil
}

// handing is the state in the books of a mail that somebody is handing over, or was when it died.
const handing = "claimed"

// handoverDoc is what is known of handing a batch of mails over.
type handoverDoc struct {
	Claimed []string `bson:"claimed"`
}

// post checks what became of mails against what the post office saw.
func (b *books) post(ctx context.Context, client *mongo.Client, docs []mailDoc) error {
	waiting, err := all[itemDoc](ctx, in(client, "notifications", "mail_agenda"), bson.E{Key: "state", Value: "waiting"})
	if err != nil {
		return err
	}
	ahead := map[string]bool{}
	for _, item := range waiting {
		ahead[item.ID] = item.Wake.After(b.read)
	}
	for _, d := range docs {
		b.kept(posted)
		came := b.mails[d.ID]
		fine := false
		switch d.State {
		case "waiting":
			fine = came == nil && ahead[d.Batch]
		case handing: // the engine died before it was noted what became of it
			fine = ahead[d.Batch]
		case "sent":
			fine = came != nil && came.confirmed
		case "unknown":
			fine = true
		case "failed", "bounced", "withdrawn":
			fine = came == nil && d.Reason != ""
		}
		if !fine {
			return b.broken(posted, "mail %s to %s is %s (%s), and the post office saw %+v", d.ID, d.PersonID, d.State, d.Reason, came)
		}
	}
	return nil
}
