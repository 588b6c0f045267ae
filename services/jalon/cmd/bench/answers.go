package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/moments"
)

const (
	answering     = 6400
	answerClients = 64
)

// answers measures how many answers a second the pages take from 64 clients.
func answers(ctx context.Context) (_ []figure, err error) {
	const keyMoment = "onboarding"
	w, err := open(ctx, keyMoment, moments.Rule{Code: "day_1", OffsetDays: 1, GraceDays: 5, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	today := clock.DateOf(noon, time.UTC)
	if err := w.importPeople(ctx, answering, today, today); err != nil {
		return nil, err
	}
	visitors, err := w.signIn(ctx)
	if err != nil {
		return nil, err
	}
	w.clock.Set(today.AddDays(1).In(time.UTC).Add(12 * time.Hour))
	if err := w.Settle(ctx); err != nil {
		return nil, err
	}
	invitations, form, err := w.invitations(ctx, visitors)
	if err != nil {
		return nil, err
	}

	begin := time.Now()
	err = clients(ctx, len(visitors), func(ctx context.Context, line *line, i int) error {
		response, err := line.post(ctx, w.url+"/survey/"+invitations[i], visitors[i].cookie, form) //nolint:bodyclose // post closed it
		if err == nil && response.StatusCode != http.StatusSeeOther {
			err = fmt.Errorf("an answer got %s", response.Status)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	took := time.Since(begin)
	if err := w.Settle(ctx); err != nil {
		return nil, err
	}
	responses := w.Mongo().Database("jalon_moments").Collection("responses")
	stored, err := responses.CountDocuments(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("counting answers: %w", err)
	}
	var like bson.D
	if err := responses.FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 0}})).Decode(&like); err != nil {
		return nil, fmt.Errorf("reading an answer: %w", err)
	}

	limit, err := rawAnswers(ctx, like)
	if err != nil {
		return nil, err
	}
	f := figure{Name: "answers", Value: float64(len(visitors)) / took.Seconds(), Unit: "answers/s", Detail: map[string]any{
		"clients": answerClients, "sent": len(visitors), "stored": stored,
	}}.over(limit, "the same documents inserted one by one from 64 goroutines into a collection of the same index, and per 50 ms two events inserted and published and one bulk write of the people: official clients, journaled")
	return []figure{f}, nil
}

// clients calls do for each of n, from 64 goroutines, each with a line of its own.
func clients(ctx context.Context, n int, do func(ctx context.Context, line *line, i int) error) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range answerClients {
		group.Go(func() (err error) {
			own := new(line)
			defer func() { err = errors.Join(err, own.Close()) }()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(ctx, own, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// invitations returns what each visitor is asked, and a form that answers it.
func (w *world) invitations(ctx context.Context, visitors []visitor) (ids []string, form url.Values, err error) {
	for _, v := range visitors {
		self := identity.NewContext(ctx, identity.Actor{PersonID: v.person, Roles: []identity.Role{identity.Employee}})
		open, err := w.Peers().Notifications().ListPrompts(self, &notificationsv1.ListPromptsRequest{PersonId: v.person})
		if err != nil {
			return nil, nil, err
		}
		if len(open.GetPrompts()) != 1 {
			return nil, nil, fmt.Errorf("%d prompts where one is expected", len(open.GetPrompts()))
		}
		ids = append(ids, open.GetPrompts()[0].GetInvitationId())
		if form == nil {
			survey, err := w.Peers().Moments().GetSurvey(self, &momentsv1.GetSurveyRequest{InvitationId: ids[0], Language: "fr"})
			if err != nil {
				return nil, nil, err
			}
			form = fill(survey.GetQuestions())
		}
	}
	return ids, form, nil
}

func fill(questions []*momentsv1.Question) url.Values {
	form := url.Values{}
	for _, q := range questions {
		switch q.GetKind() {
		case momentsv1.Question_KIND_EMOTION:
			form.Set("emotion-"+q.GetId(), q.GetOptions()[0].GetId())
		case momentsv1.Question_KIND_SCALE:
			form.Set("scale-"+q.GetId(), strconv.Itoa(int(q.GetPoints())))
		case momentsv1.Question_KIND_TEXT:
			form.Set("text-"+q.GetId(), "Un accueil chaleureux, merci.")
		case momentsv1.Question_KIND_SHORT_TEXT:
			form.Set("short-"+q.GetId(), "Merci")
		case momentsv1.Question_KIND_RATING:
			form.Set("rating-"+q.GetId(), "9")
		case momentsv1.Question_KIND_SINGLE:
			form.Set("single-"+q.GetId(), q.GetOptions()[0].GetId())
		case momentsv1.Question_KIND_MULTIPLE:
			form.Set("multiple-"+q.GetId(), q.GetOptions()[0].GetId())
		}
	}
	return form
}

// rawAnswers is the rate of the least that the work needs, with the batches that Jalon makes: each answer, of the same content
// and found by the same index, inserted by itself; then for all that came within 50 ms together, one event inserted and
// published, every person's inbox written in one bulk, and the event about these inserted and published.
func rawAnswers(ctx context.Context, like bson.D) (_ float64, err error) {
	r, err := openRaw(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	found := mongo.IndexModel{Keys: bson.D{{Key: "key_moment", Value: 1}, {Key: "follow_up", Value: 1}}}
	if _, err := r.collection.Indexes().CreateOne(ctx, found); err != nil {
		return 0, err
	}
	begin := time.Now()
	stored := make(chan int, answering)
	closed := make(chan error, 1)
	go func() { closed <- r.closeAnswers(ctx, stored) }()
	err = clients(ctx, answering, func(ctx context.Context, _ *line, i int) error {
		answer := append(bson.D{{Key: "_id", Value: event.ID("response", fmt.Sprint(i))}}, like...)
		_, err := r.collection.InsertOne(ctx, answer)
		stored <- i
		return err
	})
	close(stored)
	return answering / time.Since(begin).Seconds(), errors.Join(err, <-closed)
}

// closeAnswers does for the answers of each 50 ms what takes their prompts away.
func (r *raw) closeAnswers(ctx context.Context, stored <-chan int) error {
	for open := true; open; {
		var people []mongo.WriteModel
		gather := time.After(50 * time.Millisecond)
	gathering:
		for {
			select {
			case i, more := <-stored:
				if open = more; !more {
					break gathering
				}
				people = append(people, mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: fmt.Sprint("person-", i)}}).
					SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "closed"}}}}))
			case <-gather:
				break gathering
			}
		}
		if len(people) == 0 {
			continue
		}
		event := make([]byte, 80*len(people))
		for range 2 {
			if _, err := r.second.InsertOne(ctx, bson.D{{Key: "data", Value: event}}); err != nil {
				return err
			}
			if _, err := r.stream.Publish(ctx, rawSubject, event); err != nil {
				return err
			}
		}
		if _, err := r.second.BulkWrite(ctx, people, options.BulkWrite().SetOrdered(false)); err != nil {
			return err
		}
	}
	return nil
}
