package react_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/react"
)

// tester is what tests and property tests have in common.
type tester interface {
	require.TestingT
	Context() context.Context
}

// told is an event of interviews.
func told(t tester, msg proto.Message) event.Event {
	ev, err := event.New(t.Context(), "interviews", "", today.In(time.UTC).Add(9*time.Hour), msg)
	require.NoError(t, err)
	return ev
}

// hearTalk hands an event of interviews to its handler.
func (w world) hearTalk(ctx context.Context, ev event.Event) error {
	switch ev.Type {
	case "jalon.interviews.v1.TalksHeld":
		return handle(ev, &interviewsv1.TalksHeld{}, func(m *interviewsv1.TalksHeld) error { return w.reactions.TalksHeld(ctx, ev, m) })
	case "jalon.interviews.v1.DelicateTalksHeld":
		return handle(ev, &interviewsv1.DelicateTalksHeld{}, func(m *interviewsv1.DelicateTalksHeld) error {
			return w.reactions.DelicateTalksHeld(ctx, ev, m)
		})
	case "jalon.interviews.v1.TalksContested":
		return handle(ev, &interviewsv1.TalksContested{}, func(m *interviewsv1.TalksContested) error {
			return w.reactions.TalksContested(ctx, ev, m)
		})
	default:
		return handle(ev, &interviewsv1.AuditDue{}, func(m *interviewsv1.AuditDue) error { return w.reactions.AuditDue(ctx, ev, m) })
	}
}

// knows registers people without opening anything.
func (w world) knows(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		require.NoError(t, w.people.Apply(t.Context(), []*directoryv1.Employee{someone(id)}))
	}
}

// events are the types of what was told, in no order.
func (w world) events(t *testing.T) (types []string) {
	t.Helper()
	var docs []struct {
		Event event.Event `bson:"event"`
	}
	cursor, err := w.db.Collection("events").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	require.NoError(t, cursor.All(t.Context(), &docs))
	for _, doc := range docs {
		types = append(types, doc.Event.Type)
	}
	slices.Sort(types)
	return types
}

func heldTalk(person, kind, on string) *interviewsv1.HeldTalk {
	return &interviewsv1.HeldTalk{TalkId: uuid.NewString(), EmployeeId: person, ManagerId: uuid.NewString(), HeldOn: on, Kind: kind}
}

func TestATalkThatWasHeldIsTheKeyMomentOfItsKind(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	held := told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{
		heldTalk(who, "ei2d", "2026-10-30"), heldTalk(who, "congratulation", "2026-11-02"), heldTalk(who, "departure", "2026-11-02"),
		heldTalk("", "recruitment", "2026-11-02"),
	}})
	delicate := told(t, &interviewsv1.DelicateTalksHeld{Talks: []*interviewsv1.HeldTalk{
		heldTalk(who, "reframing", "2026-11-01"), heldTalk(who, "return", "2026-11-02"),
	}})
	for range 2 {
		require.NoError(t, w.hearTalk(t.Context(), held))
		require.NoError(t, w.hearTalk(t.Context(), delicate))
	}
	require.Equal(t, map[string][]string{
		"check_in 2026-10-30": {}, "congratulation 2026-11-02": {"day_1"}, "reframing 2026-11-01": {"day_1"},
	}, w.planned(t, who), "directory opens departures and returns")
	require.Equal(t, []string{"jalon.moments.v1.DelicateMomentsOpened", "jalon.moments.v1.MomentsOpened"}, w.events(t))
}

func TestATalkOpensOneMomentWhateverElseIsToldOfIt(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	talk := heldTalk(who, "congratulation", "2026-11-01")
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})))
	again := proto.CloneOf(talk)
	again.HeldOn = "2026-11-02"
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk, again}})))
	require.Equal(t, map[string][]string{"congratulation 2026-11-01": {"day_1"}}, w.planned(t, who))
}

func TestATalkWasHeldThoughItsDayHadBeenDeclared(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	km, _ := moment.Standard().Find(moment.CheckIn)
	_, err := w.reactions.Opener.Declare(t.Context(), moment.Open(km, moment.Person{ID: who, Zone: time.UTC}, today, moment.Declared, today.In(time.UTC)))
	require.NoError(t, err)
	talked := func() []string {
		people, err := w.reactions.Opener.Moments.TalkedOn(t.Context(), today, "")
		require.NoError(t, err)
		return people
	}
	require.Empty(t, talked(), "somebody declared it, and no talk is known")
	talk := heldTalk(who, "ei2d", today.String())
	held := told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})
	require.NoError(t, w.hearTalk(t.Context(), held))
	require.Equal(t, []string{who}, talked())

	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{talk}})))
	require.Empty(t, talked())
	require.NoError(t, w.hearTalk(t.Context(), held))
	require.Empty(t, talked(), "heard again")
}

func TestWhatIsDeclaredAndHeldOnOneDayIsOneMoment(t *testing.T) {
	for name, declaredFirst := range map[string]bool{"declared first": true, "held first": false} {
		t.Run(name, func(t *testing.T) {
			w, who := newWorld(t), uuid.NewString()
			w.knows(t, who)
			km, _ := moment.Standard().Find(moment.Congratulation)
			declare := func() {
				m := moment.Open(km, moment.Person{ID: who, Zone: time.UTC}, today, moment.Declared, today.In(time.UTC))
				_, err := w.reactions.Opener.Declare(t.Context(), m)
				require.NoError(t, err)
			}
			if declaredFirst {
				declare()
			}
			talk := heldTalk(who, "congratulation", today.String())
			require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})))
			if !declaredFirst {
				declare()
			}
			require.Equal(t, map[string][]string{"congratulation 2026-11-02": {"day_1"}}, w.planned(t, who))
			require.Len(t, w.live(t.Context(), t, who), 1, "the person is asked once")

			require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{talk}})))
			asked := len(w.live(t.Context(), t, who))
			require.Equal(t, declaredFirst, asked == 1, "a declaration that came first stands by itself")
		})
	}
}

// Whatever the order and the number of tellings: what is contested is not asked, what is not is asked once.
func TestAContestedTalkIsNotAskedAboutInWhateverOrderItIsTold(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		who := uuid.NewString()
		require.NoError(rt, w.people.Apply(rt.Context(), []*directoryv1.Employee{someone(who)}))
		var events []event.Event
		want := []string{}
		days := rapid.SliceOfNDistinct(rapid.IntRange(-5, 0), 1, 3, rapid.ID).Draw(rt, "days")
		for _, n := range days {
			talk := heldTalk(who, rapid.SampledFrom([]string{"congratulation", "reframing"}).Draw(rt, "kind"), today.AddDays(n).String())
			if talk.GetKind() == "reframing" {
				events = append(events, told(rt, &interviewsv1.DelicateTalksHeld{Talks: []*interviewsv1.HeldTalk{talk}}))
			} else {
				events = append(events, told(rt, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}}))
			}
			if rapid.Bool().Draw(rt, "contested") {
				events = append(events, told(rt, &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{talk}}))
			} else {
				want = append(want, talk.GetKind()+" "+talk.GetHeldOn()+" day_1")
			}
		}
		twice := append(slices.Clone(events), rapid.SliceOfN(rapid.SampledFrom(events), 0, 3).Draw(rt, "again")...)
		for _, ev := range rapid.Permutation(twice).Draw(rt, "order") {
			require.NoError(rt, w.hearTalk(rt.Context(), ev))
		}
		slices.Sort(want)
		require.Equal(rt, want, w.live(rt.Context(), rt, who))
	})
}

func TestWhatIsContestedFirstIsNeverTold(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	talk := heldTalk(who, "congratulation", "2026-11-01")
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{talk}})))
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})))
	require.Empty(t, w.planned(t, who))
	require.Empty(t, w.events(t))
}

// A process that dies between opening and looking for contests leaves a moment that is contested; the redelivery finds it.
func TestAContestThatCameWhileTheMomentOpenedIsFoundByTheRedelivery(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	talk := heldTalk(who, "congratulation", "2026-11-01")
	held := told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})
	require.NoError(t, w.hearTalk(t.Context(), held))
	on := today.AddDays(-1)
	mark := mongostore.Contest{MomentID: moment.ID(moment.Congratulation, who, on), PersonID: who}
	require.NoError(t, w.reactions.Contested.Note(t.Context(), []mongostore.Contest{mark}))
	require.Len(t, w.live(t.Context(), t, who), 1)

	require.NoError(t, w.hearTalk(t.Context(), held))
	require.Empty(t, w.live(t.Context(), t, who))
	m, err := mongostore.NewMoments(w.db).Get(t.Context(), mark.MomentID)
	require.NoError(t, err)
	require.Equal(t, "talk_contested", m.Cancelled.Reason)
	require.Empty(t, m.Cancelled.By)
}

func TestATalkThatOvertookTheNewsOfItsPersonIsHeardAgain(t *testing.T) {
	w, known, new := newWorld(t), uuid.NewString(), uuid.NewString()
	w.knows(t, known)
	held := told(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{
		heldTalk(known, "congratulation", "2026-11-01"), heldTalk(new, "congratulation", "2026-11-01"),
	}})
	err := w.hearTalk(t.Context(), held)
	require.True(t, react.Passes(err), "%v", err)
	require.NotEmpty(t, w.planned(t, known), "the others do not wait")

	w.knows(t, new)
	require.NoError(t, w.hearTalk(t.Context(), held))
	require.NotEmpty(t, w.planned(t, new))
	require.Len(t, w.events(t), 2, "what was told without the one is told with both")
}

func TestOfWhoeverIsErasedNoTalkStays(t *testing.T) {
	w, who, manager := newWorld(t), uuid.NewString(), uuid.NewString()
	w.knows(t, who, manager)
	held, contested, others := heldTalk(who, "reframing", "2026-11-01"), heldTalk(who, "reframing", "2026-10-31"), heldTalk(manager, "congratulation", "2026-11-01")
	held.ManagerId, contested.ManagerId = manager, manager
	events := []event.Event{
		told(t, &interviewsv1.DelicateTalksHeld{Talks: []*interviewsv1.HeldTalk{held, others}}),
		told(t, &interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{contested}}),
		told(t, &interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{who}}),
	}
	hearAll := func() {
		for _, ev := range events {
			require.NoError(t, w.hearTalk(t.Context(), ev))
		}
	}
	hearAll()
	require.Subset(t, naming(t, w.db, who), []string{"moments", "contested", "agenda"})

	require.NoError(t, w.reactions.PeopleErased(t.Context(), event.Event{}, &directoryv1.PeopleErased{PersonIds: []string{manager}}))
	hearAll()
	require.Empty(t, naming(t, w.db, manager), "old news does not name the manager again")
	require.NotEmpty(t, w.planned(t, who), "whose talk it was is asked all the same")

	require.NoError(t, w.reactions.PeopleErased(t.Context(), event.Event{}, &directoryv1.PeopleErased{PersonIds: []string{who}}))
	hearAll()
	require.Empty(t, naming(t, w.db, who))
	for _, derived := range []string{
		moment.ID(moment.Reframing, who, today.AddDays(-1)), moment.ID(moment.Reframing, who, today.AddDays(-2)), moment.ID(moment.TalkAudit, who, today.AddDays(2)),
	} {
		require.Empty(t, naming(t, w.db, derived), "nothing stays that follows from the person's id")
	}
}
